/**
 * What the loops over lanes are generic in: the membrane that they carry through time. A loop is written once, and compiled
 * for each of these.
 */

/** One synaptic current, I. */
export class OneCurrent {}

/** Two: I of excitatory synapses, J of inhibitory ones. */
export class TwoCurrents {}

/** Known when a function is compiled: of an `if` the other branch is left out. */
export function isTwo<M>(): bool {
  return idof<M>() == idof<TwoCurrents>()
}
