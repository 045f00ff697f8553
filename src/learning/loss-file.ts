import { entryOf } from '../events/by-name.js'
import { InputError } from '../events/errors.js'
import type { Group, Network } from '../network/description/network.js'
import { describeValue } from '../network/reading/describe-value.js'
import { parseJson, readingFile } from '../network/reading/parse-json.js'
import { refuseUnknown } from '../network/reading/read-fields.js'
import { readNetwork } from '../network/reading/read-network.js'
import { indexBelow } from '../network/reading/read-number.js'
import { readRecord } from '../network/reading/read-value.js'
import { MOST_CLASSES } from './labels.js'
import type { Loss, UserLoss } from './loss.js'
import { classesOf, suitsKind } from './loss-view.js'
import type { AnyLoss } from './losses/any-loss.js'
import { type LossField, valuesOf } from './losses/loss-fields.js'
import type { LossRecord } from './losses/loss-record.js'
import { type NamedLoss, namesModule, readNamedLoss } from './losses/named-loss.js'
import { recordOf, recordOfKind } from './losses/record-of.js'

/** A loss with the label of its one trial; null for those that have none. */
export interface ParsedLoss<Names extends string = string> {
  readonly loss: Loss<Names>
  readonly label: number | null
}

type Fields = Readonly<Record<string, unknown>>

/**
 * The loss that a loss file describes, checked against the network.
 *
 * `vMax` and `liIntegral` read an li group, every other kind an lif group. Whether `linear` has a coefficient for every spike shows
 * only in the run. Losses of modules are refused: their code would run.
 *
 * Raises `InputError` naming file, place, found and expected: `JSON_INVALID`, `MODULES_FORBIDDEN`, `LOSS_KIND_UNKNOWN`,
 * `GROUP_UNKNOWN`, `LOSS_GROUP_KIND`, `LABEL_OUT_OF_RANGE`, `NUMBER_NOT_FINITE`, `TIME_CONSTANT_NOT_POSITIVE`,
 * `LOSS_STRENGTH_NEGATIVE`, `LOSS_SCALE_NOT_POSITIVE`, `LOSS_SMOOTHING_RANGE`, `FIELD_UNKNOWN`, `FIELD_MISSING`, `FIELD_TYPE`, and the codes of
 * `targetsFromFile`.
 */
export function parseLoss<Names extends string>(
  text: string,
  network: Network<Names>,
  file?: string,
): ParsedLoss<Names> {
  readNetwork(network)
  return readingFile(file, () => {
    const given = readRecord(parseJson(text), '$')
    if (namesModule(given)) readNamedLoss(given, '$', null, LABELLED)
    return ofThisPackage(given, network, LABELLED) as ParsedLoss<Names>
  })
}

/** How a loss is loaded that a file names. */
export interface LossLoading {
  /** `file:` URL of the file. */
  readonly base: string
  load(named: NamedLoss): Promise<UserLoss>
}

/** The same, of a file that may name a module: what is named is loaded. Raises what `parseLoss` and the loading raise. */
export function loadLossFile(text: string, network: Network, file: string, loading: LossLoading): Promise<ParsedLoss> {
  return loadFrom(text, network, file, loading, LABELLED)
}

/** The same for a training, whose labels are those of its samples. */
export async function loadTrainingLossFile(
  text: string,
  network: Network,
  file: string,
  loading: LossLoading,
): Promise<Loss> {
  return (await loadFrom(text, network, file, loading, [])).loss
}

/** What a file may say of its one trial. */
const LABELLED: readonly string[] = ['label']

async function loadFrom(
  text: string,
  network: Network,
  file: string,
  { base, load }: LossLoading,
  ofTrial: readonly string[],
): Promise<ParsedLoss> {
  const given = readingFile(file, () => readRecord(parseJson(text), '$'))
  if (!namesModule(given)) return readingFile(file, () => ofThisPackage(given, network, ofTrial))
  const loss = await load(readingFile(file, () => readNamedLoss(given, '$', base, ofTrial)))
  return readingFile(file, () => {
    const record = recordOf(loss)
    const group = groupFor(record, loss.group, network)
    if (ofTrial.length === 0) return { loss, label: null }
    if (record.labels.count !== undefined) return { loss, label: labelOf(given, loss, group) }
    return { loss, label: given.label === undefined ? null : anyLabel(given.label) }
  })
}

function ofThisPackage(given: Fields, network: Network, ofTrial: readonly string[]): ParsedLoss {
  const record = recordOfKind(given.kind, 'kind')
  const own = record.labels.count === undefined ? [] : ofTrial
  refuseUnknown(given, ['kind', 'group', ...own, ...Object.keys(record.fields)], '$')
  const group = groupFor(record, given.group, network)
  const loss = lossOfFields(record, given, group)
  return { loss, label: own.length === 0 ? null : labelOf(given, loss, group) }
}

/** A loss on a group, of what a file or a command line says of it; raises the `InputError`s of `parseLoss`. */
export function lossOfFields({ kind, fields }: LossRecord<AnyLoss>, given: Fields, group: Group): Loss {
  const values = Object.entries<LossField<unknown>>(fields).map(([name, { fallback, parse }]) => {
    const isSaid = Object.hasOwn(given, name) || fallback === undefined
    return [name, isSaid ? parse(entryOf(given, name), name, group) : fallback] as const
  })
  return { kind, group: group.name, ...valuesOf(values) } as Loss
}

/** The group that a loss looks at; raises `InputError` GROUP_UNKNOWN and LOSS_GROUP_KIND. */
export function groupFor(record: LossRecord<AnyLoss>, name: unknown, { groups }: Network): Group {
  const group = groups.find((candidate) => candidate.name === name)
  const expected = record.observes === 'spikes' ? 'lif' : 'li'
  if (group !== undefined && suitsKind(group, expected)) return group
  throw new InputError({
    code: group === undefined ? 'GROUP_UNKNOWN' : 'LOSS_GROUP_KIND',
    field: 'group',
    found: group === undefined ? describeValue(name) : `"${group.name}", which is of kind ${group.kind}`,
    expected: `a group of kind ${expected}, for a loss of kind ${record.kind}`,
  })
}

function anyLabel(label: unknown): number {
  return indexBelow(MOST_CLASSES, 'LABEL_OUT_OF_RANGE')(label, 'label')
}

/** One target train that is no list has no label, if none is said. */
function labelOf({ label, targets }: Fields, loss: Loss, { size }: Group): number | null {
  if (label === undefined && targets !== undefined && !Array.isArray(targets)) return null
  return indexBelow(classesOf(loss, size), 'LABEL_OUT_OF_RANGE')(label, 'label')
}
