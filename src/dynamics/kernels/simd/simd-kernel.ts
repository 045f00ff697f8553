import { InternalError } from '../../../events/errors.js'
import type { SpikeBatch } from '../../../events/spike-batch.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import { microBatches } from '../../../events/trial-range.js'
import type { LifValues, LiValues, ProjectionValues } from '../../../network/instance/instance.js'
import { joinRows } from '../../../numerics/join-rows.js'
import { initialParameters } from '../../parameters/parameter-vector.js'
import type { Feed } from '../../parameters/synapses.js'
import { firstTausIn } from '../../parameters/tau-values.js'
import { MICRO_BATCH_UNIT, TrialSum } from '../../parameters/trial-sum.js'
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
import { feedOf } from './layout/synapse-rows.js'
import { type TreeFields, takeTrees, touchRows } from './passes/gradient-trees.js'
import { type GradientRoom, SimdPass } from './passes/simd-pass.js'
import { SimdWindows } from './windows/simd-windows.js'
import { createSoloPool, type WorkerPool } from './worker-pool.js'

/**
 * The kernel in WebAssembly, in trials that run whole or in windows (`KERNEL_LIMITS`; the mathematics is in assembly/). Eight neurons
 * at a time walk through all arrivals of all trials; those that may cross their threshold leave that path and are solved alone.
 */
export class SimdKernel extends Kernel<LifValues | LiValues> {
  protected override readonly feed: Feed
  private readonly engine: SimdEngine
  private options: KernelOptions | null = null
  /** One per micro-batch of the run: the first `ran` are through forward, the first `undone` of them backward. */
  private passes: readonly SimdPass[] = []
  private ran = 0
  private undone = 0
  private windows: SimdWindows | null = null
  private peakGradients: Float64Array | null = null
  private isBackward = false
  private trees: GradientTrees | null = null

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
    feed: Feed = feedOf(values, projections),
  ) {
    super(values, projections, sourceSlices)
    this.feed = feed
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
    const { trials, microBatch } = options
    this.windows = null
    if (!options.whole) {
      this.beginWindows(options, 0)
      return
    }
    if (microBatch !== undefined && (microBatch % MICRO_BATCH_UNIT !== 0 || microBatch <= 0))
      throw new InternalError(`A micro-batch of ${microBatch} trials is not a multiple of ${MICRO_BATCH_UNIT}.`)
    this.options = options
    this.engine.beat = options.beat
    this.passes = microBatches(trials, microBatch).map((range) => new SimdPass(this.engine, options, range))
    this.ran = 0
    this.undone = 0
    this.isBackward = false
    this.trees = null
  }

  private beginWindows(options: KernelOptions, start: number): void {
    this.options = options
    this.engine.beat = options.beat
    this.windows = new SimdWindows(this.engine, options, start)
  }

  override resume(options: KernelOptions, start: number, state: KernelState): void {
    this.beginWindows(options, start)
    this.windows?.resume(state)
  }

  override saveState(): KernelState {
    return this.windows?.saveState() ?? super.saveState()
  }

  receive(input: number, batch: SpikeBatch): void {
    if (this.windows !== null) this.windows.receive(input, batch)
    else this.passAt(this.passes.length === 1 ? 0 : batch.sequence).receive(input, batch)
  }

  advance(arrivalsBefore: number, spikesBefore = arrivalsBefore): SpikeTrains {
    if (this.windows !== null) return this.windows.advance(arrivalsBefore, spikesBefore)
    const pass = this.passAt(this.ran)
    if (this.ran === 0) this.engine.forgetRun()
    this.ran++
    return pass.forward()
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
    this.windows?.beginBackward(peakGradients)
    this.peakGradients = peakGradients
    this.isBackward = true
  }

  backward(deltas: Float64Array): void {
    if (this.windows !== null) {
      this.windows.backward(deltas)
      return
    }
    if (!this.isBackward || this.undone === this.ran)
      throw new InternalError('There is nothing left that the kernel could undo.')
    this.isBackward = false
    const pass = this.passAt(this.undone++)
    this.trees ??= this.takeTrees(this.begun())
    touchRows(this.engine, pass, this.trees.fields)
    pass.backward(deltas, this.peakGradients, this.roomOf(pass, this.trees))
    if (this.undone === this.passes.length) this.trees.shared?.finish(this.sharedGradient())
  }

  private takeTrees(options: KernelOptions): GradientTrees {
    const { places, pool } = this.engine
    const { sharedCount, blocks } = this.layout
    // Those of all lane groups wait for the next micro-batch.
    const trees = this.passes.length === 1 ? pool.size : places.laneGroups
    return {
      fields: takeTrees(this.engine, options, trees),
      shared: sharedCount === 0 ? null : new TrialSum(blocks * sharedCount),
    }
  }

  private roomOf({ range }: SimdPass, trees: GradientTrees): GradientRoom {
    const isLast = this.undone === this.passes.length
    return { fields: trees.fields, shared: trees.shared, trialsBefore: range.start, isLast }
  }

  private sharedGradient(): Float64Array {
    const { blocks, sharedCount, shared } = this.layout
    const { memory, places } = this.engine
    const from = places.gradient / 8 + shared
    return memory.f64.subarray(from, from + blocks * sharedCount)
  }

  takeReturned(): readonly ReturnedGradients[] {
    if (this.windows !== null) return this.windows.takeReturned()
    return this.passes.flatMap((pass) => pass.takeReturned())
  }

  sumGradient(): Float64Array {
    const { memory, places } = this.engine
    const from = places.gradient / 8
    this.windows?.finishShared(this.sharedGradient())
    return memory.f64.subarray(from, from + this.layout.gradientLength)
  }

  protected override gradientIn(vector: Float64Array): KernelGradient {
    return this.engine.learnedRows?.gradient(vector) ?? super.gradientIn(vector)
  }

  maxima(microBatch?: number): KernelMaxima {
    if (this.windows !== null) return this.windows.maxima()
    const parts = this.passed(microBatch).map((pass) => pass.maxima())
    return { values: joinRows(parts.map(({ values }) => values)), times: joinRows(parts.map(({ times }) => times)) }
  }

  override integrals(microBatch?: number): Float64Array {
    return joinRows(this.passed(microBatch).map((pass) => pass.integrals() ?? super.integrals()))
  }

  isSilent(trial: number, n: number): boolean {
    if (this.values.kind !== 'lif') return false
    if (this.windows !== null) return this.windows.isSilent(trial, n)
    const [pass] = this.passed(this.passes.findIndex(({ range }) => trial < range.end))
    return pass?.isSilent(trial, n) ?? false
  }

  get grazing(): number {
    if (this.windows !== null) return this.windows.grazing
    return this.passes.reduce((sum, { grazing }) => sum + grazing, 0)
  }

  private begun(): KernelOptions {
    if (this.options === null) throw new InternalError('The kernel has not begun a run.')
    return this.options
  }

  private passAt(number: number): SimdPass {
    this.begun()
    const pass = this.passes[number]
    if (pass === undefined) throw new InternalError(`The run has no micro-batch ${number}.`)
    return pass
  }

  /** All passes of the run, or one of them; they must have run. */
  private passed(microBatch?: number): readonly SimdPass[] {
    const asked = microBatch === undefined ? this.passes : [this.passAt(microBatch)]
    const needed = microBatch === undefined ? this.passes.length : microBatch + 1
    if (needed === 0 || this.ran < needed) throw new InternalError('The kernel has not run.')
    return asked
  }
}

/** What the gradients of a mini-batch are summed in. */
interface GradientTrees extends Pick<GradientRoom, 'shared'> {
  readonly fields: TreeFields
}
