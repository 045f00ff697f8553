import { InputError } from '../../events/errors.js'
import { describeValue } from '../reading/describe-value.js'
import { refuseUnknown } from '../reading/read-fields.js'
import { readList } from '../reading/read-list.js'
import { readRecord } from '../reading/read-value.js'
import { wrongType } from '../reading/wrong-value.js'
import type { DelayDraft } from '../validation/read-delays.js'
import { readDraft } from '../validation/read-draft.js'
import type { GroupDraft } from '../validation/read-group-draft.js'
import type { ProjectionDraft } from '../validation/read-projection.js'
import type { GroupSpec, Network } from './network.js'
import type { Connection, Pattern } from './projections.js'

export interface NetworkDescription<Groups extends Readonly<Record<string, GroupSpec>>> {
  /** Keyed by name: a letter, then letters, digits, `_`, `.` or `-`. */
  readonly groups: Groups
  readonly projections: readonly Connection<NoInfer<keyof Groups & string>, NoInfer<keyof Groups & string>>[]
}

/**
 * A network as a frozen value; a misspelt group is a compile error.
 *
 * Raises `InputError` for every mistake: an unknown group or field, a wrong shape, a number that is not finite or out
 * of range, a name used twice.
 *
 * @example
 * const network = defineNetwork({
 *   groups: { input: source(5), output: lif(3, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
 *   projections: [connect('input', 'output', dense(normal(1.5, 0.8)), { delay: perSynapse(uniform(0, 5)) })],
 * })
 */
export function defineNetwork<const Groups extends Readonly<Record<string, GroupSpec>>>(
  description: NetworkDescription<Groups>,
): Network<keyof Groups & string> {
  refuseUnknown(readRecord(description, 'description'), ['groups', 'projections'], '$')
  const { projections } = description
  const groups = Object.entries(readRecord(description.groups, 'groups')).map(([name, spec]): GroupDraft => {
    const place = `groups.${name}`
    return { place, name, fields: readRecord(spec, place) }
  })
  const network = readDraft({
    groups,
    projections: readList(projections, 'projections').map((each, k) => draftProjection(each as Connection, k)),
  })
  return network as Network<keyof Groups & string>
}

function draftProjection(connection: Connection, index: number): ProjectionDraft {
  const place = `projections[${index}]`
  readRecord(connection, place)
  const { source, target, pattern, options } = connection
  refuseUnknown(readRecord(options, place), ['delay', 'name', 'sign', 'through'], place)
  return {
    place,
    source,
    target,
    name: options.name,
    sign: options.sign,
    pattern: knownPattern(pattern, place),
    delays: draftDelays(options.delay, `${place}.delay`),
    through: options.through,
    modules: undefined,
  }
}

function knownPattern(pattern: Pattern, place: string): Pattern {
  const kind: unknown = pattern?.kind
  if (kind === 'dense' || kind === 'synapses' || kind === 'rule') return pattern
  const expected = 'dense(…), synapses(…), fixedInDegree(…), fixedOutDegree(…), fixedProbability(…) or oneToOne(…)'
  throw new InputError({ code: 'PATTERN_UNKNOWN', field: place, found: describeValue(pattern), expected })
}

function draftDelays(delay: Connection['options']['delay'], place: string): DelayDraft {
  if (delay === undefined) return { place, kind: 'none', values: undefined }
  if (typeof delay === 'number') return { place, kind: 'scalar', values: delay }
  const kind: unknown = delay?.kind
  if (kind === 'perSource' || kind === 'perSynapse') return { place, kind, values: delay.values }
  throw wrongType(delay, place, 'a number, perSource(…) or perSynapse(…)')
}
