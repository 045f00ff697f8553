import { entryOf } from '../events/by-name.js'
import { InputError } from '../events/errors.js'
import { wrongValue } from '../network/reading/flag-values.js'
import { suggestionFor } from '../network/reading/nearest-name.js'
import { parseJson, readingFile } from '../network/reading/parse-json.js'
import { readRecord } from '../network/reading/read-value.js'

/** Fields of a preset that are changed, each as `PATH=VALUE`, such as `training.optimizer.learningRate=0.003`. */
export interface ChangesFlag {
  readonly set?: readonly string[]
}

/** A field of a preset and its new value. */
interface PresetChange {
  readonly path: string
  readonly value: unknown
}

const FLAG = '--set'
/** The parts of a preset that say what is computed. */
const PARTS = ['network', 'data', 'training']
const RATE = 'training.optimizer.learningRate'
const RATES = 'training.rates'

/** The flag of every command that has one for a preset. */
export const SET_FLAG = [
  '--set <path=value...>',
  'fields of the preset with other values, such as training.optimizer.learningRate=0.003 or network.hidden=[60,60]; may be repeated; rates of single kinds keep their ratio to the learning rate, as with --rate; other flags win over it',
  collectChanges,
] as const

function collectChanges(text: string, earlier: readonly string[] | undefined): readonly string[] {
  const { path } = changeOf(text)
  const before = earlier ?? []
  if (before.some((other) => changeOf(other).path === path))
    throw wrongValue(FLAG, text, 'every field at most once', `Keep the value of ${path} that you mean.`)
  return [...before, text]
}

/** A change as the flag has it. */
export function formatChange(path: string, value: unknown): string {
  return `${path}=${JSON.stringify(value)}`
}

/** What a text of the flag changes. Raises `InputError` FLAG_VALUE. */
export function changeOf(text: string): PresetChange {
  const at = text.indexOf('=')
  const path = text.slice(0, Math.max(at, 0)).trim()
  const names = path.split('.')
  if (at < 0 || names.length < 2 || names.includes(''))
    throw wrongValue(FLAG, text, 'PATH=VALUE with the path of a field, such as training.batch=64')
  const [part = ''] = names
  if (!PARTS.includes(part))
    throw wrongValue(FLAG, text, `a path that begins with ${PARTS.join(', ')}`, suggestionFor(part, PARTS).remedy)
  return { path, value: wordOrJson(text.slice(at + 1)) }
}

/** What is no JSON is a word, which a shell need not put in quotation marks. */
function wordOrJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * The text of a preset with changes: records on the way to a field are made where there are none. What a field may be is
 * known to the readers of the preset.
 *
 * Raises `InputError` JSON_INVALID, FLAG_VALUE for a path through what is no record.
 */
export function withChanges(text: string, { set = [] }: ChangesFlag, file?: string): string {
  if (set.length === 0) return text
  const changes = set.map(changeOf)
  let changed: object = readingFile(file, () => readRecord(parseJson(text), '$'))
  const rate = changes.find(({ path }) => path === RATE)
  // First: rates that are changed as well are what they are set to.
  if (rate !== undefined) changed = withRatio(changed, rate.value)
  for (const { path, value } of changes) changed = changeIn(changed, path, value)
  return JSON.stringify(changed)
}

/** A preset whose rates of single kinds keep their ratio to another learning rate, as they do with the flag `--rate`. */
function withRatio(preset: object, rate: unknown): object {
  const [before, rates] = [fieldOf(preset, RATE), fieldOf(preset, RATES)]
  if (typeof rate !== 'number' || typeof before !== 'number' || !isRecord(rates)) return preset
  const factor = rate / before
  const scaled = Object.entries(rates).map(([kind, each]) => [kind, typeof each === 'number' ? each * factor : each])
  return changeIn(preset, RATES, Object.fromEntries(scaled))
}

function fieldOf(preset: object, path: string): unknown {
  let within: unknown = preset
  for (const name of path.split('.')) within = isRecord(within) ? entryOf(within, name) : undefined
  return within
}

function changeIn(preset: object, path: string, value: unknown): object {
  const names = path.split('.')
  const change = (within: unknown, depth: number): unknown => {
    const name = names[depth]
    if (name === undefined) return value
    if (!isRecord(within)) throw wrongPath(path, names.slice(0, depth).join('.'))
    const inner = entryOf(within, name) ?? {}
    // Not a literal: a field may have the name __proto__.
    return Object.fromEntries([...Object.entries(within), [name, change(inner, depth + 1)]])
  }
  return change(preset, 0) as object
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrongPath(path: string, place: string): InputError {
  return wrongValue(
    FLAG,
    path,
    `a path through records, which ${place} of the preset is none`,
    `Set ${place} as a whole.`,
  )
}

/** Changes with later ones, which win. */
export function joinChanges(earlier: ChangesFlag, later: ChangesFlag): ChangesFlag {
  const kept = (earlier.set ?? []).filter((text) => !isChanged(later, changeOf(text).path))
  const set = [...kept, ...(later.set ?? [])]
  return set.length === 0 ? {} : { set }
}

/** Whether a field, or a record that it lies in, is changed. */
export function isChanged({ set = [] }: ChangesFlag, field: string): boolean {
  return set.some((text) => isWithin(field, changeOf(text).path))
}

/** An error about a field that was changed is one of the flag. */
export function inTermsOfChanges<Result>({ set = [] }: ChangesFlag, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const { field } = error.mistake
    const path = set.map((text) => changeOf(text).path).find((each) => isWithin(field, each) || isWithin(each, field))
    if (path === undefined) throw error
    const { file: _, ...mistake } = error.mistake
    throw new InputError({ ...mistake, field: `${FLAG} ${field.length > path.length ? field : path}`, cause: error })
  }
}

/** Such as `training.rates.weights` within `training.rates`. */
function isWithin(field: string, place: string): boolean {
  return field === place || field.startsWith(`${place}.`) || field.startsWith(`${place}[`)
}
