import type { Network } from '../network/description/network.js'
import { TAU_FIELDS } from '../network/description/time-constants.js'
import { NEURON_PARAMETERS } from '../network/models/neuron-model.js'
import { TERM_ORDER } from './gradient-squares.js'
import type { ParameterKind } from './session.js'

/** What an array of a gradient is of. */
export interface TermOwner {
  readonly kind: ParameterKind
  /** The group that has the parameters, or the synapses. */
  readonly group: string
}

/** Whose gradient each term of `TERM_ORDER` is. */
export function termOwners({ projections, groups }: Network): ReadonlyMap<number, TermOwner> {
  const owners = new Map<number, TermOwner>()
  projections.forEach(({ target: group }, order) => {
    owners.set(TERM_ORDER.weights(order), { kind: 'weights', group })
    owners.set(TERM_ORDER.delays(order), { kind: 'delays', group })
  })
  groups.forEach(({ name: group }, place) => {
    for (const field of TAU_FIELDS)
      owners.set(TERM_ORDER.ofTau(projections.length, groups.length, place, field), { kind: 'taus', group })
    for (const [kind, field] of Object.entries(NEURON_PARAMETERS))
      owners.set(TERM_ORDER.ofGroup(projections.length, place, field), { kind: kind as ParameterKind, group })
  })
  return owners
}
