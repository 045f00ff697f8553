import { InputError } from '../../events/errors.js'
import { type GivenPattern, readPattern } from '../connectivity/connectivity-of.js'
import type { Group, Projection } from '../description/network.js'
import type { Sign } from '../description/sign.js'
import { isReadout } from '../models/models.js'
import { describeValue } from '../reading/describe-value.js'
import { suggestionFor } from '../reading/nearest-name.js'
import { wordOf } from '../reading/read-value.js'
import { optional } from '../reading/read-variant.js'
import { weightRule } from './quantity-rule.js'
import type { DelayDraft } from './read-delays.js'
import { readThrough } from './read-through.js'

/** A projection as it was handed over, and where. */
export interface ProjectionDraft {
  readonly place: string
  readonly source: unknown
  readonly target: unknown
  /** Undefined for the key that follows from the pair. */
  readonly name: unknown
  /** Undefined where weights may have either sign. */
  readonly sign: unknown
  readonly pattern: GivenPattern
  readonly delays: DelayDraft
  /** Undefined for none. */
  readonly through: unknown
  /** Against which paths of modules are resolved; null: no module may be named. */
  readonly modules: string | null | undefined
}

/** A projection between known groups, every number of the right shape and in range; it has no key yet. */
export function readProjection(draft: ProjectionDraft, groups: ReadonlyMap<unknown, Group>): Omit<Projection, 'key'> {
  const source = knownGroup(draft.source, groups, `${draft.place}.source`)
  const target = knownGroup(draft.target, groups, `${draft.place}.target`)
  refuseDirection(source, target, draft.place)
  const { place, pattern, delays } = draft
  const shape = { targets: target.size, sources: source.size, isRecurrent: source === target }
  const ends = { source: source.name, target: target.name }
  const sign = readSign(draft.sign, `${draft.place}.sign`)
  const through = readThrough(draft.through, `${draft.place}.through`, draft.modules)
  return {
    ...ends,
    ...readPattern(pattern, { place, source, target, shape, delays }, weightRule(sign)),
    ...(sign === undefined ? {} : { sign }),
    ...(through.length === 0 ? {} : { through }),
  }
}

const readSign = optional(wordOf<Sign>(['excitatory', 'inhibitory'], 'SIGN_UNKNOWN'))

function knownGroup(name: unknown, groups: ReadonlyMap<unknown, Group>, field: string): Group {
  const group = groups.get(name)
  if (group !== undefined) return group
  throw new InputError({
    code: 'GROUP_UNKNOWN',
    field,
    found: describeValue(name),
    expected: `one of the groups ${[...groups.keys()].join(', ')}`,
    ...suggestionFor(name, [...groups.keys()].map(String)),
  })
}

function refuseDirection(source: Group, target: Group, place: string): void {
  if (target.kind === 'source') {
    throw new InputError({
      code: 'TARGET_IS_SOURCE',
      field: `${place}.target`,
      found: `"${target.name}", a source, which takes no spikes`,
      expected: 'an lif or li group',
    })
  }
  if (isReadout(source)) {
    throw new InputError({
      code: 'SOURCE_NEVER_SPIKES',
      field: `${place}.source`,
      found: `"${source.name}", an li group, which emits no spikes`,
      expected: 'a source or lif group',
    })
  }
}
