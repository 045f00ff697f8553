import { entryOf } from '../../../events/by-name.js'
import { InputError } from '../../../events/errors.js'
import type { SplitName } from '../../../learning/task.js'
import { describeValue } from '../../../network/reading/describe-value.js'
import { suggestionFor } from '../../../network/reading/nearest-name.js'
import { shareOut } from '../../user/split-dataset.js'
import type { EventRecordings } from '../event-recordings.js'
import type { EventSplit, SplitByGroup, SplitByShare } from './event-task-options.js'

/** The recordings of each split, in their order. */
export type RecordingSplits = Readonly<Record<SplitName, Uint32Array>>

/** Something that a person should know of a task, in a sentence. */
export interface EventNote {
  readonly code: string
  readonly message: string
}

type About = Pick<EventRecordings, 'count' | 'labels' | 'groups'>

const SPLIT_NAMES = ['train', 'validation', 'test'] as const
/** The group that says of recordings which split they are of, or that they are of none. */
const SPLIT_GROUP = 'split'
/** What files are called, whose names may say the same. */
const FILE_GROUP = 'file'
const NONE = 'none'
/** How splits are called, in folders and files, too. */
const WORDS: ReadonlyMap<SplitName, RegExp> = new Map([
  ['train', /^train(ing)?$/i],
  ['validation', /^val(id(ation)?)?$/i],
  ['test', /^test(ing)?$/i],
])

/** A split, or none of them. */
type Mark = SplitName | typeof NONE
const SHARE = 0.15

/**
 * Which recordings are for training, validation and test.
 *
 * Raises `InputError` GROUP_UNKNOWN, GROUP_VALUE_UNKNOWN, OPTION_CONFLICT for a value in two splits, FIELD_MISSING where nothing
 * says what the test is, SPLIT_EMPTY, OPTION_OUT_OF_RANGE.
 */
export function splitRecordings(about: About, split: EventSplit): RecordingSplits {
  const marked = markedSplits(about)
  const names = 'by' in split ? byGroup(about, split, marked) : byShare(about, split, marked)
  const of = (name: SplitName) => {
    const found = Uint32Array.from(names.flatMap((each, k) => (each === name ? [k] : [])))
    if (found.length > 0) return found
    throw new InputError({
      code: 'SPLIT_EMPTY',
      ...{ field: `split.${name}`, found: `no recording of ${about.count}`, expected: 'at least one' },
      remedy: 'Give it a larger share or other groups, or record more.',
    })
  }
  return { train: of('train'), validation: of('validation'), test: of('test') }
}

/**
 * Of each recording what its group `split` says, or else the names of all files, such as shd_train.h5 and shd_test.h5; null
 * if neither does.
 */
function markedSplits({ groups }: About): readonly Mark[] | null {
  const values = entryOf(groups, SPLIT_GROUP)
  if (values === undefined) return marksOfFiles(entryOf(groups, FILE_GROUP) ?? [])
  return values.map((value, k) => {
    const name = value === NONE ? NONE : splitCalled(String(value))
    if (name !== null) return name
    const expected = `${SPLIT_NAMES.join(', ')} or ${NONE}`
    const field = `groups.${SPLIT_GROUP}[${k}]`
    const remedy = 'Call splits so, or the group otherwise.'
    throw new InputError({ code: 'GROUP_VALUE_UNKNOWN', field, found: describeValue(value), expected, remedy })
  })
}

function splitCalled(word: string): SplitName | null {
  return SPLIT_NAMES.find((name) => WORDS.get(name)?.test(word)) ?? null
}

/** Null unless each name has exactly one word for a split, and they are not all of one. */
function marksOfFiles(files: readonly (string | number)[]): readonly SplitName[] | null {
  const known = new Map<string | number, SplitName | null>()
  for (const file of files) if (!known.has(file)) known.set(file, markOfFile(String(file)))
  const marks = files.map((file) => known.get(file) ?? null)
  return marks.every((mark) => mark !== null) && new Set(marks).size > 1 ? marks : null
}

function markOfFile(file: string): SplitName | null {
  const found = new Set(file.split(/[^a-z]+/i).map(splitCalled))
  found.delete(null)
  const [only = null] = found
  return found.size === 1 ? only : null
}

function byGroup(about: About, split: SplitByGroup, marked: readonly Mark[] | null): readonly Mark[] {
  const { by, validation, validationBy = by, test } = split
  const values = valuesOf(about, by, 'split.by')
  const others = valuesOf(about, validationBy, 'split.validationBy')
  if (test === undefined && marked?.includes('test') !== true)
    throw new InputError({
      ...{ code: 'FIELD_MISSING', field: 'split.test', found: 'nothing' },
      expected: `those of ${by} whose recordings are for the test`,
      remedy: `Name some, as for validation, or give recordings a group "${SPLIT_GROUP}" of train and test.`,
    })
  const named = (list: readonly (string | number)[], to: SplitName, group: string, known: typeof values) => {
    for (const [k, value] of list.entries()) requireValue(known, value, `split.${to}[${k}]`, group)
    return new Set(list.map(String))
  }
  const forValidation = named(validation, 'validation', validationBy, others)
  const forTest = named(test ?? [], 'test', by, values)
  for (const [k, value] of (test ?? []).entries())
    if (validationBy === by && forValidation.has(String(value))) throw inTwo(`split.test[${k}]`, value)
  return values.map((value, k) => {
    // Who is in the test by a mark is nowhere else.
    const mark = marked?.[k]
    if (mark === NONE || (test === undefined && mark === 'test')) return mark
    if (forTest.has(String(value))) return 'test'
    return forValidation.has(String(others[k])) ? 'validation' : 'train'
  })
}

/** What a group says of each recording. */
function valuesOf({ groups }: About, name: string, field: string): readonly (string | number)[] {
  const values = entryOf(groups, name)
  if (values !== undefined) return values
  const known = Object.keys(groups)
  throw new InputError({
    ...{ code: 'GROUP_UNKNOWN', field, found: JSON.stringify(name) },
    expected: known.length === 0 ? 'no split by a group: the recordings have none' : `one of ${known.join(', ')}`,
    ...suggestionFor(name, known),
  })
}

function requireValue(values: readonly (string | number)[], value: string | number, field: string, by: string): void {
  if (values.some((each) => String(each) === String(value))) return
  const known = [...new Set(values)]
  const expected = `one of the values of ${by}: ${known.slice(0, 40).join(', ')}${known.length > 40 ? ', …' : ''}`
  throw new InputError({ code: 'GROUP_VALUE_UNKNOWN', field, found: describeValue(value), expected })
}

function inTwo(field: string, value: string | number): InputError {
  const found = `${describeValue(value)}, which is for validation, too`
  return new InputError({ code: 'OPTION_CONFLICT', field, found, expected: 'every value in one split' })
}

/** What is marked stays; the rest is dealt out among the splits that nothing is marked for. */
function byShare(about: About, split: SplitByShare, marked: readonly Mark[] | null): readonly Mark[] {
  const { seed = 0 } = split
  const shareOf = (name: 'validation' | 'test') => (marked?.includes(name) === true ? 0 : (split[name] ?? SHARE))
  const [validation, test] = [shareOf('validation'), shareOf('test')]
  if (validation + test >= 1)
    throw new InputError({
      ...{ code: 'OPTION_OUT_OF_RANGE', field: 'split', found: `shares of ${validation} and ${test}` },
      expected: 'less than 1 together, so that something is left for training',
    })
  const names: Mark[] = marked === null ? Array(about.count).fill('train') : [...marked]
  const free = names.flatMap((name, k) => (name === 'train' ? [k] : []))
  const labels = free.map((k) => about.labels[k] as number)
  const parts = shareOut(labels, { train: 1 - validation - test, validation, test }, seed)
  for (const name of SPLIT_NAMES) for (const k of parts.get(name) ?? []) names[free[k] as number] = name
  return names
}

/**
 * What a split by chance does not keep apart: one note per group some of whose values are in several splits. None where a
 * group `split` says which recordings are of which: that is no chance.
 */
export function overlapNotes({ groups }: About, splits: RecordingSplits): readonly EventNote[] {
  if (entryOf(groups, SPLIT_GROUP) !== undefined) return []
  return Object.entries(groups).flatMap(([name, values]) => {
    if (name === FILE_GROUP) return []
    const found = new Map<string | number, SplitName[]>()
    for (const split of SPLIT_NAMES)
      for (const k of splits[split]) {
        const value = values[k] as string | number
        const own = found.get(value) ?? []
        if (!own.includes(split)) found.set(value, [...own, split])
      }
    const shared = [...found].filter(([, own]) => own.length > 1)
    const [first] = shared
    if (first === undefined) return []
    const others = shared.length === 1 ? '' : `, and so have ${shared.length - 1} more`
    const message =
      `${name} ${first[0]} has recordings in ${first[1].join(' and ')}${others}: ` +
      `the test does not tell how well a new ${name} is recognised; split by ${name} if that is asked for.`
    return [{ code: 'GROUP_IN_SPLITS', message }]
  })
}
