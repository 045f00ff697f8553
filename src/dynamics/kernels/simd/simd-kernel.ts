import { InternalError } from '../../../events/errors.js'
import type { SpikeBatch } from '../../../events/spike-batch.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import type { LifValues, LiValues, ProjectionValues } from '../../../network/instance/instance.js'
import { isSpiking } from '../../../network/models/models.js'
import { gradientViews, type LayoutPart } from '../../parameters/parameter-layout.js'
import { initialParameters } from '../../parameters/parameter-vector.js'
import type { ArrivalSharing } from '../../parameters/synapses.js'
import { firstTausIn } from '../../parameters/tau-values.js'
import type { SourceSlices } from '../../timeline/kernel-input.js'
import type { ReturnedGradients } from '../../timeline/received-batches.js'
import type { MemoryTraffic } from '../../traffic/memory-traffic.js'
import type { AdamLoop } from '../adam-loop.js'
import { Kernel, type KernelMaxima } from '../kernel.js'
import type { KernelOptions } from '../kernel-options.js'
import type { KernelGradient } from '../kernel-parameters.js'
import type { KernelState } from '../kernel-state.js'
import { createKernelAdamLoop } from './adam-loops.js'
import { SimdEngine } from './layout/simd-engine.js'
import { arrivalSharingOf } from './layout/synapse-rows.js'
import { SimdTrials } from './passes/simd-trials.js'
import { SimdWindows } from './windows/simd-windows.js'
import { createSoloPool, type WorkerPool } from './worker-pool.js'

/**
 * The kernel in WebAssembly, in trials that run whole or in windows (`KERNEL_LIMITS`; the mathematics is in assembly/). Eight neurons
 * at a time walk through all arrivals of all trials; those that may cross their threshold leave that path and are solved alone.
 */
export class SimdKernel extends Kernel<LifValues | LiValues> {
  protected override readonly feed: ArrivalSharing
  private readonly engine: SimdEngine
  private readonly fires: boolean
  private run: SimdTrials | SimdWindows | null = null

  /**
   * @param sourceSlices how the sources of the projections are cut; default: each is whole
   * @param pool threads that do the work; default: this one
   * @param feed what neurons make of pairs without a synapse; shared only where delays are and all projections are dense, and
   *   no neuron has time constants of its own beside two currents
   */
  constructor(
    values: LifValues | LiValues,
    projections: readonly ProjectionValues[],
    sourceSlices?: SourceSlices,
    pool: WorkerPool = createSoloPool(),
    feed: ArrivalSharing = arrivalSharingOf(values, projections),
  ) {
    super(values, projections, sourceSlices)
    this.feed = feed
    this.fires = isSpiking(values)
    this.engine = new SimdEngine(this, pool)
    initialParameters(values, projections, this.layout, this.parameters)
    this.parametersChanged()
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return this.engine.memory.mark()
  }

  get parameters(): Float64Array {
    const vector = this.parametersButWeights
    this.engine.learnedRows?.show(vector)
    return vector
  }

  override get parametersButWeights(): Float64Array {
    const { memory, places } = this.engine
    const from = places.parameters / 8
    return memory.f64.subarray(from, from + this.layout.length)
  }

  parametersChanged(): void {
    const { learnedRows, places, traffic } = this.engine
    this.engine.followTaus(firstTausIn(this.parametersButWeights, this.layout))
    if (learnedRows?.areCurrent === true) {
      this.engine.work('settle', places.laneGroups)
      return
    }
    this.engine.work('pack', places.laneGroups)
    traffic.isPacked = true
  }

  override keepParameters(earlier?: readonly Float64Array[]): readonly Float64Array[] {
    return this.engine.learnedRows?.keep(this.parametersButWeights, earlier) ?? super.keepParameters(earlier)
  }

  override putBackParameters(kept: readonly Float64Array[]): void {
    const { learnedRows } = this.engine
    if (learnedRows === null) super.putBackParameters(kept)
    else learnedRows.putBack(this.parametersButWeights, kept)
  }

  override changeWeights(projection: number, into: Uint8Array, change: (weight: number) => number): void {
    const { learnedRows } = this.engine
    if (learnedRows?.areCurrent === true) learnedRows.change(projection, into, change)
    else super.changeWeights(projection, into, change)
  }

  override adamLoop(from: number, to: number): AdamLoop {
    const { memory, places, learnedRows } = this.engine
    const projection = learnedRows?.projectionAt(from, to) ?? -1
    if (learnedRows !== null && projection >= 0) return learnedRows.adamLoop(projection)
    const first = learnedRows === null ? 0 : this.layout.delays
    // Some of the weights.
    if (from < first) return super.adamLoop(from, to)
    const means = places.moments + 8 * (from - first)
    const squares = means + 8 * (this.layout.length - first)
    const run = (items: number) => this.engine.work('adam', items)
    return createKernelAdamLoop({ memory, fields: places.adamFields, means, squares, count: to - from, run })
  }

  memoryTraffic(): MemoryTraffic {
    return this.engine.traffic.total()
  }

  override get runsMicroBatches(): boolean {
    return true
  }

  begin(options: KernelOptions): void {
    this.engine.beat = options.beat
    this.run = options.whole ? new SimdTrials(this.engine, options) : new SimdWindows(this.engine, options)
  }

  override resume(options: KernelOptions, start: number, state: KernelState): void {
    this.engine.beat = options.beat
    const windows = new SimdWindows(this.engine, options, start)
    windows.resume(state)
    this.run = windows
  }

  override saveState(): KernelState {
    return this.windows?.saveState() ?? super.saveState()
  }

  receive(input: number, batch: SpikeBatch): void {
    this.running().receive(input, batch)
  }

  advance(arrivalsBefore: number, spikesBefore = arrivalsBefore): SpikeTrains {
    return this.running().advance(arrivalsBefore, spikesBefore)
  }

  nextEvent(): number {
    if (this.windows === null) throw new InternalError('Whole trials have no next event.')
    return this.windows.nextEvent()
  }

  /** Noise may let spikes arrive sooner. */
  override smallestDelays(): readonly number[] {
    return this.windows?.smallestDelays() ?? super.smallestDelays()
  }

  beginBackward(peakGradients: Float64Array | null): void {
    this.running().beginBackward(peakGradients)
  }

  backward(deltas: Float64Array): void {
    this.running().backward(deltas)
  }

  takeReturned(): readonly ReturnedGradients[] {
    return this.running().takeReturned()
  }

  sumTrials(wanted?: readonly LayoutPart[]): readonly Float64Array[] {
    const { learnedRows } = this.engine
    this.windows?.finishShared()
    const vector = this.gradientVector()
    if (learnedRows === null) return wanted === undefined ? [vector] : gradientViews(this.layout, vector, wanted)
    const rows = learnedRows.sumsOfRows()
    if (wanted === undefined) return [vector.subarray(this.layout.delays), rows]
    const others = wanted.filter((part) => part !== 'weights')
    return [...gradientViews(this.layout, vector, others), ...(others.length < wanted.length ? [rows] : [])]
  }

  protected gradientVector(): Float64Array {
    const { memory, places } = this.engine
    const from = places.gradient / 8
    return memory.f64.subarray(from, from + this.layout.gradientLength)
  }

  protected override gradientIn(vector: Float64Array): KernelGradient {
    return this.engine.learnedRows?.gradient(vector) ?? super.gradientIn(vector)
  }

  maxima(microBatch?: number): KernelMaxima {
    return this.running().maxima(microBatch)
  }

  override integrals(microBatch?: number): Float64Array {
    return (this.run instanceof SimdTrials ? this.run.integrals(microBatch) : null) ?? super.integrals()
  }

  isSilent(trial: number, n: number): boolean {
    return this.fires && this.running().isSilent(trial, n)
  }

  get grazing(): number {
    return this.run?.grazing ?? 0
  }

  private get windows(): SimdWindows | null {
    return this.run instanceof SimdWindows ? this.run : null
  }

  private running(): SimdTrials | SimdWindows {
    if (this.run === null) throw new InternalError('The kernel has not begun a run.')
    return this.run
  }
}
