import { InternalError } from '../../../../events/errors.js'
import type { ProjectionValues } from '../../../../network/instance/instance.js'
import { sumsLength } from '../../../../numerics/tree-nodes.js'
import type { ParameterLayout } from '../../../parameters/parameter-layout.js'
import type { PartialSums } from '../../../parameters/partial-sums.js'
import { TrialSum } from '../../../parameters/trial-sum.js'
import type { ReceivedBatches, ReturnableBatch, ReturnedGradients } from '../../../timeline/received-batches.js'
import { type KernelOptions, wantsTaus } from '../../kernel-options.js'
import type { WindowNeurons } from '../neurons/window-neurons.js'
import { adjointSizes } from '../window-header.js'
import type { WindowTraffic } from '../window-traffic.js'
import type { GradientVector } from './gradient-vector.js'
import { WayBack } from './way-back.js'

/** Where what comes back for a spike is summed up, by its number: slot 0 takes what is not returned. */
export function slotOfSpike(number: number): number {
  return number + 1
}

export interface WindowGradientsOptions {
  readonly neurons: WindowNeurons
  readonly layout: ParameterLayout
  readonly vector: GradientVector
  readonly projections: readonly ProjectionValues[]
  readonly received: ReceivedBatches
  readonly traffic: WindowTraffic
}

/** The runs of a window kernel that are followed by a way back: what was received, and what is summed up. */
export class WindowGradients {
  private readonly of: WindowGradientsOptions
  private readonly total: Float64Array
  private readonly sums: Float64Array
  private sum: TrialSum
  private options: KernelOptions | null = null
  /** Of the steps that are not undone: where the spikes of each part have gone. */
  private steps: (readonly ArrayLike<number>[])[] = []
  private way: WayBack | null = null
  /** What belongs to a way back begins here. */
  private mark = 0
  /** Grazing crossings of the last run. */
  private met = 0

  constructor(of: WindowGradientsOptions) {
    this.of = of
    this.total = new Float64Array(of.layout.gradientLength)
    this.sums = new Float64Array(of.vector.length)
    this.sum = new TrialSum(of.vector.length)
  }

  /** Whether its runs are those of some neurons. */
  isOf(neurons: WindowNeurons): boolean {
    return this.of.neurons === neurons
  }

  begin(options: KernelOptions): void {
    this.forget()
    this.of.vector.follow(this.of.projections)
    this.options = options
    this.steps = []
    this.met = 0
  }

  /** Drops a way back that was broken off: it has left sums that are half made. */
  forget(): void {
    if (this.way === null) return
    this.sum = new TrialSum(this.of.vector.length)
    this.release()
  }

  private release(): void {
    this.of.neurons.engine.memory.release(this.mark)
    this.way = null
  }

  /** A step was taken, in parts; of each, where its spikes stand among those of the step. */
  noteStep(parts: readonly ArrayLike<number>[]): void {
    this.steps.push(parts)
  }

  /**
   * @param reached how far the run has gone, ms
   * @param peakGradients see `Kernel`
   */
  beginBackward(reached: number, peakGradients: Float64Array | null): void {
    const { neurons, vector, layout, received } = this.of
    const { options, sum } = this
    if (options === null) throw new InternalError('There is nothing that the kernel could undo.')
    this.mark = neurons.engine.memory.mark()
    const run = { options, slots: slotOfSpike(received.count), sum, reached, peakGradients }
    this.way = new WayBack({ neurons, vector, layout }, run)
  }

  /** @param deltas what came back for each spike of the last step that is not undone */
  backward(deltas: Float64Array): void {
    const parts = this.steps.pop()
    if (parts === undefined) throw new InternalError('There is no step left to undo.')
    const way = this.under()
    for (const places of parts.toReversed()) way.backward(Float64Array.from(places, (place) => deltas[place] as number))
    this.met = way.grazing
  }

  takeReturned(): readonly ReturnedGradients[] {
    const { reached, returned } = this.under()
    return this.of.received.takeReturned(reached, (batch) => this.valuesOf(batch, returned))
  }

  /** @param sums per spike, node by node */
  private valuesOf({ batch, first }: ReturnableBatch, sums: Float64Array): Float64Array {
    const { returnedNodes: nodes } = this.of.layout
    const count = batch.times.length
    const values = new Float64Array(sumsLength(nodes, count))
    for (let k = 0; k < count; k++) {
      const from = slotOfSpike(first + k) * nodes.length
      for (let j = 0; j < nodes.length; j++) values[j * count + k] = sums[from + j] as number
    }
    return values
  }

  get grazing(): number {
    return this.met
  }

  /** See `Kernel.sumTrials`: record by record. */
  sumTrials(): Float64Array {
    const { sum, sums } = this
    this.count()
    sum.finish(sums)
    this.release()
    return sums
  }

  /** The same as the gradient vector of the layout. */
  vector(): Float64Array {
    const { sums, total } = this
    this.of.vector.write(sums, total)
    return total
  }

  /** What the way back has read and written. */
  private count(): void {
    const { neurons, vector, traffic } = this.of
    const { options, way } = this
    if (options === null || way === null) return
    const { isUnscaled, poissonInputs } = neurons.engine
    const back = { isUnscaled, sizes: adjointSizes(isUnscaled), hasTaus: wantsTaus(options) }
    const run = { trials: options.trials, runningMaxima: way.runningMaxima }
    traffic.undone({ ...back, length: vector.length, poissonInputs: poissonInputs.count }, run, (rows) => {
      return vector.undoneRecords(rows, way.wanted)
    })
  }

  /** After `sumTrials`: the partial sums of a projection's delays. */
  partialSums(projection: number): PartialSums {
    return this.of.vector.partialSums(this.sums, projection)
  }

  private under(): WayBack {
    if (this.way === null) throw new InternalError('There is nothing that the kernel could undo.')
    return this.way
  }
}
