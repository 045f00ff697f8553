import { InternalError } from '../../events/errors.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { KernelValues, ProjectionValues } from '../../network/instance/instance.js'
import { copyArrays } from '../../numerics/copy-arrays.js'
import type { TreeNode } from '../../numerics/tree-nodes.js'
import { delayRanges } from '../inputs/arrival-ranges.js'
import { type KernelInput, kernelInputs, type SourceSlices } from '../inputs/kernel-input.js'
import { hasSharedDelays, type ParameterLayout, parameterLayout } from '../parameters/parameter-layout.js'
import type { PartialSums } from '../parameters/partial-sums.js'
import { combinePartialSums, partialSumsOf } from '../parameters/shared-delays.js'
import { combineTauPartialSums, commonTaus, tauPartialSumsOf } from '../parameters/shared-taus.js'
import { type Feed, Synapses } from '../parameters/synapses.js'
import { tauShapesOf } from '../parameters/tau-values.js'
import type { ArrivalCounter } from '../traffic/arrival-count.js'
import type { MemoryTraffic } from '../traffic/memory-traffic.js'
import { type AdamLoop, createAdamLoop } from './adam-loop.js'
import { type KernelGradient, vectorGradient } from './kernel-gradient.js'
import type { KernelOptions } from './kernel-options.js'
import type { KernelState } from './kernel-state.js'

/** The complete gradients of a received batch: per node of the slice, one gradient event per spike. */
export interface ReturnedGradients {
  readonly input: number
  readonly batch: SpikeBatch
  /** values[node · count + k], of the spikes; see `Kernel.returnedNodes`. */
  readonly values: Float64Array
}

/** Voltage maxima and their times in ms: row-major [trial][neuron held]. */
export interface KernelMaxima {
  readonly values: Float64Array
  readonly times: Float64Array
}

/**
 * The kernel of one group, or of a slice of it, and the synapses into it: forward and adjoint, deterministic functions of
 * the spike batches handed to it. No bit depends on how a group is cut into slices.
 *
 * Forward: `begin`, then `receive` batches and `advance` window by window. Backward: `beginBackward`, then `backward`
 * step by step in reverse, collecting `takeReturned`, then `finishGradient`.
 */
export abstract class Kernel<Values extends KernelValues = KernelValues> {
  readonly values: Values
  /** One per stream that arrives here, by (projection, slice of its source). */
  readonly inputs: readonly KernelInput[]
  /** The gradient as `finishGradient` returned it last, in the places of the layout's gradient vector. */
  private gradient: Float64Array = new Float64Array(0)
  /** Into the neurons held. */
  readonly projections: readonly ProjectionValues[]
  private lists: { readonly synapses: Synapses; readonly layout: ParameterLayout } | null = null

  /**
   * @param sourceSlices how the sources of the projections are cut; default: each is whole
   * @param isSent whether the spikes of a projection come as batches; default: all do
   */
  constructor(
    values: Values,
    projections: readonly ProjectionValues[],
    sourceSlices?: SourceSlices,
    isSent: (projection: ProjectionValues) => boolean = () => true,
  ) {
    this.values = values
    this.projections = projections
    this.inputs = kernelInputs(projections, sourceSlices).filter((input) => {
      return isSent(projections[input.projection] as ProjectionValues)
    })
  }

  /** All synapses, listed when they are first asked for. */
  get synapses(): Synapses {
    return this.listed().synapses
  }

  get layout(): ParameterLayout {
    return this.listed().layout
  }

  private listed() {
    if (this.lists === null) {
      const synapses = new Synapses(this.projections, this.feed)
      const returned = this.projections.some(({ isRouted }) => isRouted === true) ? 'blocks' : 'nodes'
      this.lists = { synapses, layout: parameterLayout(synapses, this.values, tauShapesOf(this.values), returned) }
    }
    return this.lists
  }

  /** What the kernel makes of pairs without a synapse, see `Synapses`. */
  protected readonly feed: Feed = 'own'

  /** Counts synaptic events; absent where the lists of synapses are to be asked. */
  countArrivals?(projection: number): ArrivalCounter

  /** The learnable numbers, see `ParameterLayout`; call `parametersChanged` after writing. Ask anew in every run. */
  abstract get parameters(): Float64Array

  /** The same vector for who needs no weights: those that stand there may be old. */
  get parametersButWeights(): Float64Array {
    return this.parameters
  }

  /** A copy of all parameters, in whatever order, to go back to soon; in the arrays of an earlier one, if there is any. */
  keepParameters(earlier?: readonly Float64Array[]): readonly Float64Array[] {
    return copyArrays([this.parameters], earlier)
  }

  /** Goes back to a copy; `parametersChanged` is due. */
  putBackParameters([kept]: readonly Float64Array[]): void {
    this.parameters.set(kept as Float64Array)
  }

  /** Puts `change(w)` in the place of each weight w into neurons n with `into[n]` = 1; `parametersChanged` is due. */
  changeWeights(projection: number, into: Uint8Array, change: (weight: number) => number): void {
    const { parameters, synapses, layout } = this
    // Fan-outs list the synapses that exist; a dense projection may have pairs without one.
    for (const synapse of synapses.fan(projection).list) {
      const at = layout.weights + synapse
      if (into[synapses.targets[synapse] as number] === 1) parameters[at] = change(parameters[at] as number)
    }
  }

  /**
   * Bytes read and written by all passes so far.
   *
   * No figure depends on how a group is cut into slices, nor a run into windows. So what every slice does for itself is left
   * out: it brings the spikes that come into order, and adds up what returns over blocks; and what every window does: it takes
   * neurons up and puts them down again. What is looked at again counts once. How a slice is laid out follows from the whole
   * group (`group-traits.ts`, `Synapses.lacksPairs`), since the columns that it has are counted.
   */
  abstract memoryTraffic(): MemoryTraffic

  /** Whether trials may go through in micro-batches. */
  get runsMicroBatches(): boolean {
    return false
  }

  /** Raises `InputError` NOISE_KERNEL if runs of this kernel know no noise. */
  admitNoise(): void {}

  /** Parameters may have changed. */
  abstract parametersChanged(): void

  /** The loop of Adam over the parameters from … to - 1, with moments of zero. */
  adamLoop(from: number, to: number): AdamLoop {
    return createAdamLoop(to - from)
  }

  /** Starts a mini-batch of trials at t = 0; nothing of an earlier run remains. */
  abstract begin(options: KernelOptions): void

  /**
   * The state at the instant up to which `advance` has run, with every spike before it received: what `resume` needs.
   * Only of runs in windows without gradients.
   */
  saveState(): KernelState {
    throw new InternalError(`The kernel of "${this.values.name}" has no state between two windows.`)
  }

  /** Goes on, in place of `begin`, from a state at `start` ms. The spikes in flight there need not be received again. */
  resume(_options: KernelOptions, start: number, _state: KernelState): void {
    throw new InternalError(`The kernel of "${this.values.name}" cannot go on from ${start} ms.`)
  }

  /** Takes a spike batch of an input; batches of one input come in order. */
  abstract receive(input: number, batch: SpikeBatch): void

  /**
   * Runs every arrival before `arrivalsBefore` and every spike before `spikesBefore` (the same instant, or the next
   * double: spikes at an instant precede its arrivals), and returns the spikes in event order. Units are numbers in the
   * whole group.
   */
  abstract advance(arrivalsBefore: number, spikesBefore: number): SpikeTrains

  /**
   * How far `advance` goes if everything before a horizon is known: not before what it reached for smaller ones.
   *
   * @param _promised up to where others know all spikes of the group already, ms; default: where it stands. Whoever is on a
   *   cycle has to go further where it can, lest all wait for each other.
   */
  reach(horizon: number, _promised?: number): number {
    return horizon
  }

  /** The earliest instant at which something can happen here: a queued arrival or an own event. Not in whole trials. */
  abstract nextEvent(): number

  /**
   * Starts the backward pass at the end of the trials.
   *
   * @param peakGradients dL/d(max V) per (trial, neuron held), for LI readouts and for the hinge of silent neurons; of
   *   readouts that are integrated dL/d(integral)
   */
  abstract beginBackward(peakGradients: Float64Array | null): void

  /** Undoes the last step that is not yet undone; `deltas` has one value per spike it emitted, in order. */
  abstract backward(deltas: Float64Array): void

  /** Gradients of batches all of whose arrivals are undone by now, the last batch of each input first. */
  abstract takeReturned(): readonly ReturnedGradients[]

  /** Voltage maxima of an LI readout, or of silent LIF neurons when tracked; of one micro-batch alone, if its number is given. */
  abstract maxima(microBatch?: number): KernelMaxima

  /** Integrals over the voltages of an LI readout, if the options ask for them: row-major [trial][neuron held]. */
  integrals(_microBatch?: number): Float64Array {
    throw new InternalError(`The kernel of "${this.values.name}" has no integrals.`)
  }

  /** Whether the n-th LIF neuron held has not fired in a trial of the present run. */
  abstract isSilent(trial: number, n: number): boolean

  /** Grazing crossings the backward pass met. */
  abstract get grazing(): number

  /** Sums over trials and blocks; the gradient vector of the layout. */
  abstract sumGradient(): Float64Array

  get delays(): Float64Array {
    return this.parametersButWeights.subarray(this.layout.delays, this.layout.bias)
  }

  /** The subtrees over the whole group's blocks that returned gradients are sums over: one for a whole group, or one per block. */
  get returnedNodes(): readonly TreeNode[] {
    return this.layout.returnedNodes
  }

  /**
   * The smallest current delay of each input, in ms: how far its watermarks reach ahead. Infinity where nobody is heard;
   * below 0 where noise may let spikes arrive earlier than they are sent.
   */
  smallestDelays(): readonly number[] {
    const { delays, synapses } = this
    return delayRanges(this.inputs, synapses, delays).map(({ least }) => least)
  }

  /**
   * Returns the gradient in the places of the parameters. Call after the last gradients were taken.
   *
   * The kernel of a whole group fills in the gradients of shared delays and time constants. For a slice their places are 0
   * until `setSharedGradient` is told what `combinePartialSums` made of the `partialSums` of all slices, `setCommonTaus` what
   * `combineTauPartialSums` made of the `tauPartialSums`.
   */
  finishGradient(): Float64Array {
    return this.closeGradient().whole()
  }

  /** The same for who may do without the weights, or takes them where they are. */
  closeGradient(): KernelGradient {
    const { layout, values, synapses } = this
    const gradient = this.sumGradient()
    this.gradient = gradient
    for (const { isCommon, at, perNeuron, count } of layout.taus)
      if (!isCommon) gradient.copyWithin(at, perNeuron, perNeuron + count)
    if (values.size === values.total) {
      const own = this.tauPartialSums()
      if (own !== null) this.setCommonTaus(combineTauPartialSums(layout.groupBlocks, [own]))
      synapses.afferents.forEach(({ delayShape }, p) => {
        const partialSums = this.partialSums(p)
        if (partialSums !== null)
          this.setSharedGradient(p, combinePartialSums(delayShape, layout.groupBlocks, [partialSums]))
      })
    }
    return this.gradientIn(this.gradient.subarray(0, layout.length))
  }

  protected gradientIn(vector: Float64Array): KernelGradient {
    return vectorGradient(vector)
  }

  /** This slice's part in the gradient of a projection's shared delays, after `finishGradient`; null if none are shared. */
  partialSums(projection: number): PartialSums | null {
    const afferent = this.synapses.afferents[projection]
    if (afferent === undefined || !hasSharedDelays(afferent)) return null
    return partialSumsOf(this.gradient, this.layout, this.layout.sharedBase[projection] as number, afferent.sourceSize)
  }

  /** Writes the gradient of a projection's shared delays into the vector that `finishGradient` returned. */
  setSharedGradient(projection: number, values: Float64Array): void {
    const afferent = this.synapses.afferents[projection]
    if (afferent === undefined || values.length !== afferent.delayCount)
      throw new InternalError(`Projection ${projection} does not have ${values.length} delays.`, { projection })
    this.gradient.set(values, this.layout.delays + afferent.delayBase)
  }

  /** This slice's part in the gradient of the time constants that the group shares, after `finishGradient`; or null. */
  tauPartialSums(): PartialSums | null {
    return commonTaus(this.layout).length === 0 ? null : tauPartialSumsOf(this.gradient, this.layout)
  }

  /** Writes the gradient of the common time constants, in their order, into the vector that `finishGradient` returned. */
  setCommonTaus(values: Float64Array): void {
    const places = commonTaus(this.layout)
    if (values.length !== places.length)
      throw new InternalError(`The group does not share ${values.length} time constants.`)
    places.forEach(({ at }, k) => {
      this.gradient[at] = values[k] as number
    })
  }
}
