import { InputError } from '../../events/errors.js'
import type { Network } from '../description/network.js'
import { readFileUrl } from '../modules/module-reference.js'
import { describeValue } from '../reading/describe-value.js'
import { parseJson, readingFile } from '../reading/parse-json.js'
import { type Readers, readOptions, refuseUnknown } from '../reading/read-fields.js'
import { readList } from '../reading/read-list.js'
import { constantOf, readRecord } from '../reading/read-value.js'
import type { DelayDraft } from '../validation/read-delays.js'
import { readDraft } from '../validation/read-draft.js'
import type { GroupDraft } from '../validation/read-group-draft.js'
import type { ProjectionDraft } from '../validation/read-projection.js'

type Fields = Readonly<Record<string, unknown>>

export interface ParseNetworkOptions {
  /**
   * The file may name modules, whose code runs wherever the network does: `file:` URL of the file, against which their paths
   * are resolved. Default: it must not.
   */
  readonly modules?: URL | string | undefined
}

const READERS: Readers<ParseNetworkOptions> = { modules: readFileUrl }

/**
 * The network that a network file describes.
 *
 * Raises `InputError` naming file, place, found and expected: `JSON_INVALID`, `NETWORK_FORMAT`, `NETWORK_VERSION`,
 * `MODULES_FORBIDDEN`, and the codes of `defineNetwork`.
 *
 * Beyond numbers, `weights` may be `{"distribution": …}`, and so may `delays`: one draw per synapse, or one per source
 * unit with `"per": "source"`. With `"connect"` the synapses are those of a rule.
 */
export function parseNetwork(text: string, file?: string, options: ParseNetworkOptions = {}): Network {
  const { modules } = readOptions(options, READERS)
  const base = modules === undefined ? null : String(modules)
  return readingFile(file, () => {
    const record = readRecord(parseJson(text), '$')
    constantOf('antidrome-network', 'NETWORK_FORMAT')(record.format, 'format')
    constantOf(1, 'NETWORK_VERSION')(record.version, 'version')
    refuseUnknown(record, ['format', 'version', 'groups', 'projections'], '$')
    return readDraft({
      groups: readList(record.groups, 'groups').map((each, k) => draftGroup(each, k, base)),
      projections: readList(record.projections, 'projections').map((each, k) => draftProjection(each, k, base)),
    })
  })
}

function draftGroup(value: unknown, index: number, modules: string | null): GroupDraft {
  const place = `groups[${index}]`
  const { name, ...fields } = readRecord(value, place)
  return { place, name, fields, modules }
}

const PROJECTION_FIELDS = ['source', 'target', 'name', 'weights', 'synapses', 'delays', 'connect', 'sign', 'through']

function draftProjection(value: unknown, index: number, modules: string | null): ProjectionDraft {
  const place = `projections[${index}]`
  const fields = readRecord(value, place)
  refuseUnknown(fields, PROJECTION_FIELDS, place)
  const { source, target, name, sign, through } = fields
  const pattern = draftPattern(fields, place)
  const delays = draftDelays(fields.delays, `${place}.delays`)
  return { place, source, target, name, sign, pattern, delays, through, modules }
}

function draftPattern({ weights, synapses, connect }: Fields, place: string): ProjectionDraft['pattern'] {
  if (connect !== undefined && synapses === undefined) return { kind: 'rule', rule: connect, weights }
  if (connect !== undefined) {
    throw new InputError({
      code: 'CONNECTIVITY_AMBIGUOUS',
      field: `${place}.connect`,
      found: 'both a rule and synapses',
      expected: 'either "connect" or "synapses"',
    })
  }
  if ((weights === undefined) !== (synapses === undefined)) {
    return synapses === undefined ? { kind: 'dense', weights } : { kind: 'synapses', entries: synapses }
  }
  throw new InputError({
    code: weights === undefined ? 'FIELD_MISSING' : 'CONNECTIVITY_AMBIGUOUS',
    field: `${place}.weights`,
    found: weights === undefined ? 'neither weights nor synapses' : 'both weights and synapses',
    expected: 'either "weights" or "synapses"',
  })
}

function draftDelays(value: unknown, place: string): DelayDraft {
  if (value === undefined) return { place, kind: 'none', values: undefined }
  if (Array.isArray(value)) return { place, kind: Array.isArray(value[0]) ? 'perSynapse' : 'perSource', values: value }
  if (typeof value !== 'object' || value === null) return { place, kind: 'scalar', values: value }
  const { per = 'synapse', ...values } = value as Record<string, unknown>
  if (per === 'synapse') return { place, kind: 'perSynapse', values }
  if (per === 'source') return { place, kind: 'perSource', values }
  const found = describeValue(per)
  throw new InputError({ code: 'DELAYS_PER_UNKNOWN', field: `${place}.per`, found, expected: '"source" or "synapse"' })
}
