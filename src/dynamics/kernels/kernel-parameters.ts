import { InternalError } from '../../events/errors.js'
import type { KernelValues, ProjectionValues } from '../../network/instance/instance.js'
import { copyArrays } from '../../numerics/copy-arrays.js'
import {
  hasSharedDelays,
  type LayoutPart,
  type ParameterLayout,
  parameterLayout,
} from '../parameters/parameter-layout.js'
import {
  combinePartialSums,
  combineTauPartialSums,
  commonTaus,
  type PartialSums,
  partialSumsOf,
  tauPartialSumsOf,
} from '../parameters/partial-sums.js'
import { type ArrivalSharing, Synapses } from '../parameters/synapses.js'
import { tauShapesOf } from '../parameters/tau-values.js'
import { type AdamLoop, createAdamLoop } from './adam-loop.js'

/** The gradient that a run has left in a kernel, in the places of its parameters. */
export interface KernelGradient {
  /** Of all parameters but the weights; what stands at the places of these may be old. */
  readonly butWeights: Float64Array
  /** Of all parameters. */
  whole(): Float64Array
  /** `whole` was written to. */
  changed(): void
  /** Per neuron the sum of (factor g)^2 over its weights of a projection, in their order; null where they are not kept. */
  squares(projection: number, factor: number): Float64Array | null
}

/** A gradient that lies in one vector. */
export function vectorGradient(vector: Float64Array): KernelGradient {
  return { butWeights: vector, whole: () => vector, changed: () => undefined, squares: () => null }
}

/** The numbers of a group, or of a slice of it, that are learned, by its synapses; and the gradient that a run leaves for them. */
export abstract class KernelParameters<Values extends KernelValues = KernelValues> {
  readonly values: Values
  /** Into the neurons held. */
  readonly projections: readonly ProjectionValues[]
  /** The gradient as `finishGradient` returned it last, in the places of the layout's gradient vector. */
  private gradient: Float64Array = new Float64Array(0)
  private lists: { readonly synapses: Synapses; readonly layout: ParameterLayout } | null = null

  constructor(values: Values, projections: readonly ProjectionValues[]) {
    this.values = values
    this.projections = projections
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
  protected readonly feed: ArrivalSharing = 'own'

  /** The learnable numbers, see `ParameterLayout`; call `parametersChanged` after writing. Read it again in every run. */
  abstract get parameters(): Float64Array

  /** The same vector without current weights: those in it may be outdated. */
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

  /** Parameters may have changed. */
  abstract parametersChanged(): void

  /** The loop of Adam over the parameters from … to - 1, with moments of zero. */
  adamLoop(from: number, to: number): AdamLoop {
    return createAdamLoop(to - from)
  }

  get delays(): Float64Array {
    return this.parametersButWeights.subarray(this.layout.delays, this.layout.bias)
  }

  /**
   * Ends the sums over trials; call once a run, after the last gradients were taken. They are added over neither blocks
   * nor slices yet, and lie in the kernel's own order: kernels of the same slice with the same parameters have them alike.
   *
   * @param wanted whose gradients are asked for: sums that only other gradients need may be left out; default: all
   * @returns views. In a run that `KernelOptions.isPart`, the sums over all trials of the mini-batch may be written to them
   *   before `closeGradient`; they are those of `combineTree` over the sums of its parts, whose trials are whole nodes of
   *   the tree over chunks.
   */
  abstract sumTrials(wanted?: readonly LayoutPart[]): readonly Float64Array[]

  /** After `sumTrials`: the sums in the places of the gradient vector of the layout. */
  protected abstract gradientVector(): Float64Array

  /**
   * Returns the gradient in the places of the parameters. Call after the last gradients were taken.
   *
   * The kernel of a whole group fills in the gradients of shared delays and time constants. For a slice their places are 0
   * until `setSharedGradient` receives the result of `combinePartialSums` over the `partialSums` of all slices, and
   * `setCommonTaus` that of `combineTauPartialSums` over the `tauPartialSums`.
   */
  finishGradient(): Float64Array {
    this.sumTrials()
    return this.closeGradient().whole()
  }

  /** The same after `sumTrials`, for those who may do without the weights, or take them where they are. */
  closeGradient(): KernelGradient {
    const { layout, values, synapses } = this
    const gradient = this.gradientVector()
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
