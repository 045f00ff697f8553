import type { Quantity } from '../description/quantity.js'
import type { SynapticTimeConstants } from '../description/time-constants.js'
import { readPlain } from '../reading/read-value.js'
import { FINITE, TIME_CONSTANT } from '../validation/quantity-rule.js'
import { defaultsOf, type HeldNeurons, type NeuronModel } from './neuron-model.js'

/** Quantities of a group of leaky integrators, but for its synaptic time constants; times in ms. */
export type LiFields = {
  /** Membrane time constant in ms, > 0. */
  readonly tauMem: Quantity
  /** Constant drive, in units of the voltage it alone would reach. Default 0. */
  readonly bias?: Quantity
}

export type LiParameters = SynapticTimeConstants & LiFields

/** Leaky integrator: a readout that never spikes; its observable is the maximum of its voltage. */
export type LiGroup = SynapticTimeConstants & { readonly kind: 'li'; readonly size: number } & Required<LiFields>

/** The numbers of one group, one per neuron held; times in ms. */
export interface LiValues extends HeldNeurons {
  readonly kind: 'li'
}

export const LI: NeuronModel<'li', false, keyof LiFields> = Object.freeze({
  kind: 'li',
  fires: false,
  fields: { tauMem: { rule: TIME_CONSTANT }, bias: { rule: FINITE, default: 0 } },
  tauSyn: TIME_CONSTANT,
  learnable: ['bias'],
} as const)

/**
 * A group of leaky integrators, which never spike; their observable is the maximum of the voltage.
 *
 *     tauMem V' = -V + I + bias     tauSyn I' = -I
 *
 * Every quantity is one number, one per neuron, or an initializer; times in ms. `defineNetwork` checks the values.
 */
export function li(size: number, parameters: LiParameters): LiGroup {
  readPlain(parameters, 'parameters')
  return Object.freeze({ ...defaultsOf(LI), ...parameters, kind: 'li', size }) as LiGroup
}
