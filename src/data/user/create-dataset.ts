import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { readClassNames } from '../../learning/class-name.js'
import { createLabels, type Labels, MOST_CLASSES } from '../../learning/labels.js'
import type { Dataset } from '../../learning/task.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { type Readers, readRequired } from '../../network/reading/read-fields.js'
import { readList, readNumbers } from '../../network/reading/read-list.js'
import { integerFrom } from '../../network/reading/read-number.js'
import { type Reader, readRecord } from '../../network/reading/read-value.js'
import { wrongShape } from '../../network/reading/wrong-value.js'
import { createWordHash } from '../../numerics/word-hash.js'
import { classesFrom } from '../patterns/pattern-readers.js'
import { requireSamplesBelow } from '../sample-range.js'
import { pickTrials } from '../trains-dataset.js'
import { type GivenTrains, sortTrains } from './given-trials.js'

export interface DatasetOptions {
  /** Spikes by source group, a trial per sample; those of a trial in any order. */
  readonly trains: Readonly<Record<string, GivenTrains>>
  /** One per sample, from 0. */
  readonly labels: ArrayLike<number>
  /** Default: one more than the highest label. */
  readonly classes?: number
  /** What the classes are called, in label order. Default: they are numbered. */
  readonly classNames?: readonly string[]
  /** Units per source group. Default: one more than the highest that spikes. */
  readonly units?: Readonly<Record<string, number>>
}

/** Recorded spikes with their labels. */
export interface SpikeDataset extends Dataset {
  readonly emptyTrials: number
  /** Units of each source group. */
  readonly units: Readonly<Record<string, number>>
  /** Of all spikes and labels, as 32 hexadecimal digits: guards against mistakes, not against malice. */
  readonly digest: string
}

const READERS: Readers<DatasetOptions> = {
  trains: readRecord,
  labels: readNumbers,
  classes: classesFrom(1),
  classNames: readList as Reader<readonly string[]>,
  units: readRecord,
}

/**
 * Creates a user-defined data set: spikes of any source groups, with a label per trial.
 *
 * Everything is checked and copied, and the spikes of a trial are put in the order of (time, unit). Trials without a spike are
 * allowed.
 *
 * Raises `InputError` SHAPE_MISMATCH for lengths that do not fit each other, NUMBER_NOT_FINITE, INPUT_TIME_NEGATIVE,
 * UNIT_OUT_OF_RANGE, LABEL_OUT_OF_RANGE, DATASET_EMPTY, FIELD_*; the field names group, trial and spike. `encode` raises
 * SAMPLE_OUT_OF_RANGE.
 *
 * @example
 * const dataset = createDataset({ trains: { input: [{ times: [1, 4.5], units: [0, 1] }, …] }, labels: [0, …] })
 */
export function createDataset(options: DatasetOptions): SpikeDataset {
  const given = readRequired<DatasetOptions, 'trains' | 'labels'>(options, READERS, ['trains', 'labels'], '$')
  const size = given.labels.length
  if (size === 0)
    throw new InputError({ code: 'DATASET_EMPTY', field: 'labels', found: 'no samples', expected: 'at least one' })
  const labels = readLabels(given.labels, given.classes)
  const names = given.classNames && readClassNames(given.classNames, labels.classes, 'classNames')
  const groups = Object.entries(given.trains).map(([name, trains]) => ({
    name,
    ...readGroup(name, trains, given.units, size),
  }))
  if (groups.length === 0)
    throw new InputError({ code: 'DATASET_EMPTY', field: 'trains', found: 'no groups', expected: 'at least one' })
  requireKnownUnits(given)
  return {
    size,
    ...labels,
    ...(names === undefined ? {} : { classNames: names }),
    emptyTrials: countEmpty(
      groups.map(({ trains }) => trains),
      size,
    ),
    units: Object.fromEntries(groups.map(({ name, units }) => [name, units])),
    digest: digestOf(labels, groups),
    encode: (samples) => {
      requireSamplesBelow(size, samples)
      return Object.fromEntries(groups.map(({ name, trains }) => [name, pickTrials(trains, samples)]))
    },
  }
}

interface OwnGroup {
  readonly name: string
  readonly trains: SpikeTrains
  readonly units: number
}

function readLabels(
  given: ArrayLike<number>,
  said: number | undefined,
): { readonly labels: Labels; readonly classes: number } {
  const highest = said === undefined ? MOST_CLASSES - 1 : said - 1
  const values = Array.from(given, (label: unknown, sample) => {
    if (typeof label === 'number' && Number.isInteger(label) && label >= 0 && label <= highest) return label
    const expected = `an integer from 0 to ${highest}`
    throw new InputError({
      code: 'LABEL_OUT_OF_RANGE',
      field: `labels[${sample}]`,
      found: describeValue(label),
      expected,
    })
  })
  const classes = said ?? values.reduce((most, label) => Math.max(most, label + 1), 1)
  const labels = createLabels(values.length, classes)
  labels.set(values)
  return { labels, classes }
}

function readGroup(name: string, given: unknown, units: DatasetOptions['units'], samples: number) {
  const said = units === undefined ? undefined : entryOf<unknown>(units, name)
  const size = said === undefined ? undefined : integerFrom(1)(said, `units.${name}`)
  const field = `trains.${name}`
  const { trains, highest } = sortTrains(given, size, field)
  const trials = trains.offsets.length - 1
  if (trials !== samples) throw wrongShape(field, `${trials} trials`, `${samples}, one per label`)
  return { trains, units: size ?? Math.max(1, highest + 1) }
}

function requireKnownUnits({ trains, units = {} }: DatasetOptions): void {
  const stranger = Object.keys(readRecord(units, 'units')).find((name) => !Object.hasOwn(trains, name))
  if (stranger === undefined) return
  const expected = `one of the groups that have spikes: ${Object.keys(trains).join(', ') || 'none'}`
  throw new InputError({ code: 'FIELD_UNKNOWN', field: `units.${stranger}`, found: 'a group without trains', expected })
}

function countEmpty(groups: readonly SpikeTrains[], size: number): number {
  let count = 0
  for (let trial = 0; trial < size; trial++)
    if (groups.every(({ offsets }) => offsets[trial] === offsets[trial + 1])) count++
  return count
}

function digestOf({ labels, classes }: ReturnType<typeof readLabels>, groups: readonly OwnGroup[]): string {
  const hash = createWordHash()
  hash.number(classes)
  hash.numbers(Array.from(labels))
  for (const { name, units, trains } of groups.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.text(name)
    hash.number(units)
    hash.numbers(Array.from(trains.offsets))
    hash.numbers(Array.from(new Uint32Array(trains.times.buffer)))
    hash.numbers(Array.from(trains.units))
  }
  return hash.digest()
}
