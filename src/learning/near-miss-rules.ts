import type { NearMiss } from '../dynamics/models/near-miss.js'
import { InputError } from '../events/errors.js'
import type { Network } from '../network/description/network.js'
import { components } from '../network/graph/components.js'
import { readRecord } from '../network/reading/read-value.js'
import { requireGroup, requireNumber, requireStrength } from './step-rules.js'

/**
 * Raises `InputError` TRAIN_OPTION, TRAIN_GROUP, FIELD_MISSING and FIELD_TYPE unless each belongs to an lif group that leads
 * to other neurons and lies on no cycle, with a `below` and `fall` above 0; NEAR_MISS_TARGET where what it leads to cannot say
 * what one more spike would do: an actor of one's own, or operators on the way.
 */
export function requireNearMisses(network: Network, field: string, given: Readonly<Record<string, NearMiss>>): void {
  for (const [group, nearMiss] of Object.entries(given)) {
    const place = `${field}.${group}`
    requireGroup(network, group, place, 'lif')
    const { below, fall, strength, dying = false } = readRecord(nearMiss, place) as unknown as NearMiss
    requirePositive(`${place}.below`, below)
    requirePositive(`${place}.fall`, fall)
    requireStrength(`${place}.strength`, strength)
    requireNumber(`${place}.dying`, dying as never, typeof dying === 'boolean', 'true or false')
    requireAnswers(network, group, place)
  }
}

function requirePositive(field: string, value: number): void {
  requireNumber(field, value, Number.isFinite(value) && value > 0, 'a finite number above 0')
}

/** Whether all that a group leads to can say what one more spike would do. */
function requireAnswers(network: Network, group: string, field: string): void {
  const isCyclic = components(network).some(({ cyclic, groups }) => cyclic && groups.includes(group))
  if (isCyclic) throw refused(field, `"${group}", which lies on a cycle`, 'a group on no cycle')
  const outgoing = network.projections.filter(({ source }) => source === group)
  if (outgoing.length === 0) throw refused(field, `"${group}", which leads nowhere`, 'a group with projections')
  for (const { key, target, through } of outgoing) {
    const kind = network.groups.find(({ name }) => name === target)?.kind
    if (kind === 'actor') throw refused(field, `"${key}" to an actor of your own`, 'projections to neurons')
    if (through !== undefined) throw refused(field, `operators on "${key}"`, 'projections without operators')
  }
}

function refused(field: string, found: string, expected: string): InputError {
  return new InputError({ code: 'NEAR_MISS_TARGET', field, found, expected, remedy: 'Leave the group out.' })
}
