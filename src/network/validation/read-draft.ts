import { InputError } from '../../events/errors.js'
import { deepFreeze } from '../description/deep-freeze.js'
import type { Group, Network, Projection } from '../description/network.js'
import { projectionKeys } from '../description/projection-keys.js'
import { refuseHurriedActors } from './read-actor.js'
import { type GroupDraft, readGroupDraft } from './read-group-draft.js'
import { type ProjectionDraft, readProjection } from './read-projection.js'
import { readUserName } from './read-user-name.js'

/** Everything a network is made of, as it was handed over by a program or a file. */
export interface NetworkDraft {
  readonly groups: readonly GroupDraft[]
  readonly projections: readonly ProjectionDraft[]
}

/**
 * The one way to a `Network`: every rule is checked here, whether the network comes from a program or a file.
 *
 * Raises `InputError` with the code of the broken rule and the place; the result is frozen throughout and shares
 * nothing with the draft.
 */
export function readDraft(draft: NetworkDraft): Network {
  const groups = readGroupDrafts(draft.groups)
  const projections = draft.projections.map((projection) => readProjection(projection, groups))
  const network = { groups: [...groups.values()], projections: withKeys(projections, draft.projections, groups) }
  refuseHurriedActors(network)
  return deepFreeze(network)
}

function readGroupDrafts(drafts: readonly GroupDraft[]): Map<string, Group> {
  if (drafts.length === 0) {
    throw new InputError({ code: 'NETWORK_EMPTY', field: 'groups', found: 'no group', expected: 'at least one' })
  }
  const groups = new Map<string, Group>()
  for (const draft of drafts) {
    const group = readGroupDraft(draft)
    if (groups.has(group.name)) throw duplicate(`${draft.place}.name`, group.name, 'group')
    groups.set(group.name, group)
  }
  return groups
}

/** Keys are unique among projections and group names alike, for results are filed under both. */
function withKeys(
  projections: readonly Omit<Projection, 'key'>[],
  drafts: readonly ProjectionDraft[],
  groups: ReadonlyMap<string, Group>,
): Projection[] {
  const defaults = projectionKeys(projections)
  const taken = new Set<string>()
  return projections.map((projection, index) => {
    const { name, place } = drafts[index] as ProjectionDraft
    const key = name === undefined ? (defaults[index] as string) : readUserName(name, `${place}.name`)
    if (groups.has(key)) throw duplicate(`${place}.name`, key, 'group')
    if (taken.has(key)) throw duplicate(`${place}.name`, key, 'projection')
    taken.add(key)
    return { ...projection, key }
  })
}

function duplicate(field: string, name: string, what: string): InputError {
  return new InputError({
    code: 'NAME_DUPLICATE',
    field,
    found: `"${name}", which another ${what} has`,
    expected: 'a name of its own',
  })
}
