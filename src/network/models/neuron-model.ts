import type { Quantity } from '../description/quantity.js'
import type { TauShape } from '../description/time-constants.js'
import type { HeldUnits } from '../instance/held-units.js'
import type { QuantityRule } from '../validation/quantity-rule.js'

/** Kinds of parameters of neurons that can be learned, beside time constants. */
export type NeuronParameterKind = 'thresholds' | 'adaptation' | 'bias'

/** The fields that hold them; in file order. */
export const NEURON_PARAMETERS = Object.freeze({
  thresholds: 'threshold',
  adaptation: 'adaptStep',
  bias: 'bias',
} as const) satisfies Readonly<Record<NeuronParameterKind, string>>

/** A field that can be learned. */
export type LearnedField = (typeof NEURON_PARAMETERS)[NeuronParameterKind]

/** One quantity of the neurons of a model. */
interface NeuronField {
  readonly rule: QuantityRule
  /** What it is where the description does not give it; absent: it has to. */
  readonly default?: number
}

/**
 * What the description of a neuron model consists of. All that reads, draws, slices, merges, learns, saves or counts
 * parameters reads it from here; `dynamics/models` has the equations.
 */
export interface NeuronModel<
  Kind extends string = string,
  Fires extends boolean = boolean,
  Field extends string = string,
> {
  readonly kind: Kind
  /** Whether it spikes at a threshold; if not, its voltage is what a loss observes. */
  readonly fires: Fires
  /** Every quantity in file order, but for the synaptic time constants. */
  readonly fields: Readonly<Record<Field, NeuronField>>
  /** Of a tauSyn that both signs of weights share. */
  readonly tauSyn: QuantityRule
  /** In file order. Time constants are learned in every model. */
  readonly learnable: readonly NeuronParameterKind[]
  /** What of a whole group its slices have to know; none by default. */
  traits?(fields: Readonly<Record<Field, Quantity>>): object
}

/** The numbers that neurons of every model have, one per neuron held; times in ms. */
export interface HeldNeurons extends HeldUnits {
  readonly tauMem: Float64Array
  readonly tauSynExc: Float64Array
  /** The same array as `tauSynExc` when the group has a single synaptic time constant. */
  readonly tauSynInh: Float64Array
  /** How the description gives its time constants; absent: one number per neuron. */
  readonly tauShapes?: readonly TauShape[]
  readonly bias: Float64Array
}

/** The fields of a model that need not be given. */
export function defaultsOf({ fields }: NeuronModel): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, field]) => (field.default === undefined ? [] : [[name, field.default]])),
  )
}
