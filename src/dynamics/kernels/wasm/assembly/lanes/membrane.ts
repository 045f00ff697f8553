/**
 * What the loops over lanes are generic in: the membrane that they carry through time. A loop is written once, and compiled
 * for each of these.
 */

/** One synaptic current, I. */
export class OneCurrent {}

/** Two: I of excitatory synapses, J of inhibitory ones. */
export class TwoCurrents {}

/** One current, where every neuron has time constants of its own: each lane has factors of its own over an interval. */
export class OwnConstants {}

/** Known when a function is compiled: of an `if` the other branch is left out. */
export function isOne<M>(): bool {
  return idof<M>() == idof<OneCurrent>()
}

/** The same. */
export function isTwo<M>(): bool {
  return idof<M>() == idof<TwoCurrents>()
}

/** The same. */
export function isOwn<M>(): bool {
  return idof<M>() == idof<OwnConstants>()
}

/** Of a pair of lanes, what belongs to the current that each weight drives, by its sign. */
export function driven(weight: v128, excitatory: v128, inhibitory: v128): v128 {
  return v128.bitselect(excitatory, inhibitory, f64x2.ge(weight, f64x2.splat(0)))
}
