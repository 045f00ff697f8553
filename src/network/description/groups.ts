import { readPlain } from '../reading/read-value.js'
import type { LifGroup, LiGroup, Quantity, SourceGroup, SynapticTimeConstants } from './network.js'

/** What an `lif` group is given where nothing else is said: no reset offset, bias, refractory period or adaptation. */
export const LIF_DEFAULTS = Object.freeze({ vReset: 0, bias: 0, refractory: 0, tauAdapt: 100, adaptStep: 0 })

/** What an `li` group is given where nothing else is said. */
export const LI_DEFAULTS = Object.freeze({ bias: 0 })

export type LifParameters = SynapticTimeConstants & {
  /** Membrane time constant in ms, > 0. */
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

export type LiParameters = SynapticTimeConstants & {
  /** Membrane time constant in ms, > 0. */
  readonly tauMem: Quantity
  /** Constant drive, in units of the voltage it alone would reach. Default 0. */
  readonly bias?: Quantity
}

/** A group that emits the spikes it is given. */
export function source(size: number): SourceGroup {
  return Object.freeze({ kind: 'source', size })
}

/**
 * A group of leaky integrate-and-fire neurons with an adaptive threshold.
 *
 *     tauMem V' = -V + I + bias     tauSyn I' = -I     tauAdapt A' = -A
 *     spike at V >= threshold + A:  V := vReset, A := A + adaptStep, then V is held for `refractory` ms
 *
 * Every quantity is one number, one per neuron, or an initializer; times in ms. Either `tauSyn`, or `tauSynExc` and
 * `tauSynInh` for positive and negative weights. `defineNetwork` checks the values.
 */
export function lif(size: number, parameters: LifParameters): LifGroup {
  readPlain(parameters, 'parameters')
  return Object.freeze({ ...LIF_DEFAULTS, ...parameters, kind: 'lif', size })
}

/**
 * A group of leaky integrators, which never spike; their observable is the maximum of the voltage.
 *
 *     tauMem V' = -V + I + bias     tauSyn I' = -I
 *
 * Every quantity is one number, one per neuron, or an initializer; times in ms. `defineNetwork` checks the values.
 */
export function li(size: number, parameters: LiParameters): LiGroup {
  readPlain(parameters, 'parameters')
  return Object.freeze({ ...LI_DEFAULTS, ...parameters, kind: 'li', size })
}
