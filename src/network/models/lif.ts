import type { Quantity } from '../description/quantity.js'
import { limitOf, type SynapticTimeConstants } from '../description/time-constants.js'
import { readPlain } from '../reading/read-value.js'
import { quantityRange } from '../validation/quantity-range.js'
import { FINITE, MEMBRANE_TIME_CONSTANT, SYNAPTIC_TIME_CONSTANT, TIME_CONSTANT } from '../validation/quantity-rule.js'
import { defaultsOf, type HeldNeurons, type NeuronModel } from './neuron-model.js'

/** Quantities of a group of integrate-and-fire neurons, but for its synaptic time constants; times in ms. */
export type LifFields = {
  /** Membrane time constant in ms, > 0; Infinity: the membrane does not leak. */
  readonly tauMem: Quantity
  readonly threshold: Quantity
  /** Voltage after a spike, below the threshold. Default 0. */
  readonly vReset?: Quantity
  /** Constant drive, in units of the voltage it alone would reach. Default 0. */
  readonly bias?: Quantity
  /** How long the voltage is held at vReset after a spike, in ms, >= 0. Default 0. */
  readonly refractory?: Quantity
  /** Time constant in ms at which the raised threshold falls back, > 0. Default 100; idle while adaptStep is 0. */
  readonly tauAdapt?: Quantity
  /** Rise of the threshold with every own spike, >= 0. Default 0. */
  readonly adaptStep?: Quantity
}

export type LifParameters = SynapticTimeConstants & LifFields

/** Leaky integrate-and-fire with an adaptive threshold; times in ms. See `design/model`. */
export type LifGroup = SynapticTimeConstants & { readonly kind: 'lif'; readonly size: number } & Required<LifFields>

/** The numbers of one group, one per neuron held; times in ms. */
export interface LifValues extends HeldNeurons, Readonly<Record<keyof LifFields, Float64Array>> {
  readonly kind: 'lif'
  /** Whether some neuron of the whole group may have a refractory period, by the description; absent: those held decide. */
  readonly mayHold?: boolean
  /** A time constant is 0 or Infinity by the description: only then may parameters have it so. */
  readonly hasLimit?: boolean
}

export const LIF: NeuronModel<'lif', true, keyof LifFields> = Object.freeze({
  kind: 'lif',
  fires: true,
  fields: {
    tauMem: { rule: MEMBRANE_TIME_CONSTANT },
    threshold: { rule: FINITE },
    vReset: { rule: FINITE, default: 0 },
    bias: { rule: FINITE, default: 0 },
    refractory: {
      rule: {
        code: 'REFRACTORY_NEGATIVE',
        expected: 'a refractory period in ms, >= 0',
        holds: (value: number) => value >= 0,
      },
      default: 0,
    },
    tauAdapt: { rule: TIME_CONSTANT, default: 100 },
    adaptStep: {
      rule: {
        code: 'ADAPT_STEP_NEGATIVE',
        expected: 'an adaptation step >= 0',
        holds: (value: number) => value >= 0,
      },
      default: 0,
    },
  },
  tauSyn: SYNAPTIC_TIME_CONSTANT,
  learnable: ['thresholds', 'adaptation', 'bias'],
  traits: (described: Readonly<Record<keyof LifFields, Quantity>>) => ({
    mayHold: quantityRange(described.refractory).most > 0,
    ...(limitOf(described) === undefined ? {} : { hasLimit: true }),
  }),
} as const)

/**
 * A group of leaky integrate-and-fire neurons with an adaptive threshold.
 *
 *     tauMem V' = -V + I + bias     tauSyn I' = -I     tauAdapt A' = -A
 *     spike at V >= threshold + A:  V := vReset, A := A + adaptStep, then V is held for `refractory` ms
 *
 * Every quantity is one number, one per neuron, or an initializer; times in ms. Either `tauSyn`, or `tauSynExc` and
 * `tauSynInh` for positive and negative weights. `defineNetwork` checks the values.
 *
 * Two limits, which the reference engine runs, and in which neither time constant is learned:
 *
 * - `tauSyn: 0`: an arrival moves V by its weight at once. Where that carries V over the threshold the neuron fires at the next
 *   double after the arrival. Such a spike moves with its arrivals (dt/dt_arrival = 1) and with nothing else: the gradient by
 *   weights and thresholds is 0 there.
 * - `tauMem: Infinity`: V' = (I + bias)/ms, no leak. In files "Infinity".
 */
export function lif(size: number, parameters: LifParameters): LifGroup {
  readPlain(parameters, 'parameters')
  return Object.freeze({ ...defaultsOf(LIF), ...parameters, kind: 'lif', size }) as LifGroup
}
