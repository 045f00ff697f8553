import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { describeValue, eitherOf } from '../../network/reading/describe-value.js'
import { suggestionFor } from '../../network/reading/nearest-name.js'
import { parseJson, readingFile } from '../../network/reading/parse-json.js'
import { fieldIn, mapOf, type Readers, readRequired, recordOf } from '../../network/reading/read-fields.js'
import { listOf, readList, tupleOf } from '../../network/reading/read-list.js'
import { integerFrom, numberThat, readCount, readNumber, readPositive } from '../../network/reading/read-number.js'
import { type Reader, readRecord, readString, wordOf } from '../../network/reading/read-value.js'
import { MOST_SOBOL_DIMENSIONS } from '../../numerics/sobol.js'
import { type Halving, OBJECTIVES, type Objective, type SettingSpace, type Sweep, type Variation } from './sweep.js'

/** More settings than this are taken for a mistake. */
const MOST_SETTINGS = 100_000

const CODE = 'SWEEP_INVALID'

const readInteger = numberThat({ expected: 'an integer', holds: Number.isSafeInteger })

/** Two numbers, the second one above the first. */
function rangeOf(read: Reader<number>): Reader<readonly [number, number]> {
  const readEnds = tupleOf([read, read])
  return (value, field) => {
    const [low, high] = readEnds(value, field) as [number, number]
    if (low < high) return [low, high]
    throw mistake(field, `[${low}, ${high}]`, 'two numbers that rise')
  }
}

const readValues: Reader<readonly unknown[]> = (value, field) => {
  const values = readList(value, field)
  const texts = values.map((each) => JSON.stringify(each))
  if (values.length === 0) throw mistake(field, 'no value', 'one value at least')
  const second = texts.find((text, k) => texts.indexOf(text) !== k)
  if (second === undefined) return values
  throw mistake(field, `${second} twice`, 'every value once')
}

const VARIATIONS: Readonly<Record<string, Reader<unknown>>> = Object.freeze({
  values: readValues,
  uniform: rangeOf(readNumber),
  logUniform: rangeOf(readPositive),
  integer: rangeOf(readInteger),
})

const readVariation: Reader<Variation> = (value, field) => {
  const record = readRecord(value, field)
  const kinds = Object.keys(VARIATIONS)
  const [kind, ...others] = Object.keys(record)
  if (kind === undefined || others.length > 0)
    throw mistake(field, describeValue(value), `one field alone: ${eitherOf(kinds)}`)
  const read = entryOf(VARIATIONS, kind)
  if (read === undefined)
    throw mistake(fieldIn(field, kind), 'an unknown field', eitherOf(kinds), suggestionFor(kind, kinds).remedy)
  return { [kind]: read(entryOf(record, kind), fieldIn(field, kind)) } as unknown as Variation
}

const readVary: Reader<SettingSpace['vary']> = (value, field) => {
  const vary = mapOf(readVariation)(value, field)
  const paths = Object.keys(vary)
  if (paths.length === 0) throw mistake(field, 'no path', 'the path of one field at least')
  for (const path of paths) {
    if (path.split('.').includes(''))
      throw mistake(fieldIn(field, path), JSON.stringify(path), 'names with a dot between two of them')
    const outer = paths.find((other) => path.startsWith(`${other}.`))
    if (outer !== undefined)
      throw mistake(fieldIn(field, path), `a field within ${outer}, which is varied, too`, 'paths beside each other')
  }
  return vary
}

const PARTS = ['network', 'data', 'training']

/** What is varied must be in a preset. */
function requireParts({ vary }: SettingSpace): void {
  for (const path of Object.keys(vary)) {
    const [part = '', ...names] = path.split('.')
    if (names.length > 0 && PARTS.includes(part)) continue
    const expected = `the path of a field of the preset, which begins with ${eitherOf(PARTS)}`
    throw mistake(fieldIn('vary', path), JSON.stringify(path), expected, suggestionFor(part, PARTS).remedy)
  }
}

const readRungs: Reader<readonly number[]> = (value, field) => {
  const rungs = listOf(integerFrom(1))(value, field)
  if (rungs.length < 2) throw mistake(field, `${rungs.length} rungs`, 'two numbers of epochs at least')
  const wrong = rungs.findIndex((epochs, k) => k > 0 && epochs <= (rungs[k - 1] as number))
  if (wrong < 0) return rungs
  throw mistake(`${field}[${wrong}]`, `${rungs[wrong]} after ${rungs[wrong - 1]}`, 'numbers of epochs that rise')
}

/** Raises OPTION_OUT_OF_RANGE, FIELD_MISSING, and SWEEP_INVALID for rungs that do not rise. */
export const readHalving = recordOf<Halving>({
  rungs: readRungs,
  keep: numberThat({ expected: 'a share above 0 and below 1', holds: (share) => share > 0 && share < 1 }),
})

const SPACE: Readers<SettingSpace> = Object.freeze({
  vary: readVary,
  sampler: wordOf(['grid', 'random', 'sobol'] as const),
  runs: integerFrom(1),
  seed: readCount,
})

const READERS: Readers<Sweep> = Object.freeze({
  ...SPACE,
  base: readString,
  task: readString,
  seeds: integerFrom(1),
  halving: readHalving,
  objective: wordOf(Object.keys(OBJECTIVES) as Objective[]),
})

/** A setting space that a caller gives. Raises `InputError` as `readSweep` does. */
export function readSpace(given: unknown, place: string): SettingSpace {
  const space = readRequired<SettingSpace, 'vary' | 'sampler'>(given, SPACE, ['vary', 'sampler'], place)
  requireSettings(space)
  return space
}

/**
 * Reads the text of a sweep. Defaults: `seed` 0, `seeds` 1, `objective` validationAccuracy.
 *
 * Raises `InputError` that names file and field: JSON_INVALID, JSON_DUPLICATE_KEY, FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN,
 * OPTION_OUT_OF_RANGE, NUMBER_NOT_FINITE, SHAPE_MISMATCH, SWEEP_INVALID.
 */
export function readSweep(text: string, file?: string): Sweep {
  return readingFile(file, () => {
    const required = ['base', 'vary', 'sampler'] as const
    const given = readRequired<Sweep, (typeof required)[number]>(parseJson(text), READERS, required, '$')
    const sweep: Sweep = { seed: 0, seeds: 1, objective: 'validationAccuracy', ...given }
    requireParts(sweep)
    requireSettings(sweep)
    if (sweep.halving !== undefined && isVaried(sweep, 'training.epochs'))
      throw mistake(
        'vary.training.epochs',
        'epochs that vary',
        'those of halving.rungs alone',
        'Leave out one of them.',
      )
    return sweep
  })
}

/** Whether a field, or a record that it lies in, is varied. */
export function isVaried({ vary }: SettingSpace, field: string): boolean {
  return Object.keys(vary).some((path) => field === path || field.startsWith(`${path}.`))
}

function requireSettings(space: SettingSpace): void {
  if (space.sampler === 'grid') requireGrid(space)
  else requireDrawn(space)
}

function requireGrid({ vary, runs }: SettingSpace): void {
  for (const [path, variation] of Object.entries(vary)) {
    if ('values' in variation) continue
    const [kind] = Object.keys(variation)
    throw mistake(`vary.${path}`, `a range (${kind})`, 'values, for a grid', 'Give values, or another sampler.')
  }
  const size = gridSize(vary)
  if (runs !== undefined)
    throw mistake('runs', `${runs}`, `nothing: the grid has ${size} settings`, 'Leave it out, or give another sampler.')
  if (size > MOST_SETTINGS) throw mistake('vary', `a grid of ${size} settings`, `at most ${MOST_SETTINGS}`)
}

/** Number of settings of a grid. */
export function gridSize(vary: SettingSpace['vary']): number {
  return Object.values(vary).reduce(
    (size, variation) => size * ('values' in variation ? variation.values.length : 0),
    1,
  )
}

function requireDrawn({ vary, sampler, runs }: SettingSpace): void {
  if (runs === undefined) throw mistake('runs', 'nothing', `the number of settings that are drawn (${sampler})`)
  if (runs > MOST_SETTINGS) throw mistake('runs', `${runs}`, `at most ${MOST_SETTINGS}`)
  const paths = Object.keys(vary).length
  if (sampler === 'sobol' && paths > MOST_SOBOL_DIMENSIONS)
    throw mistake('vary', `${paths} paths`, `at most ${MOST_SOBOL_DIMENSIONS}`, 'Give "sampler": "random".')
}

function mistake(field: string, found: string, expected: string, remedy?: string): InputError {
  return new InputError({ code: CODE, field, found, expected, ...(remedy === undefined ? {} : { remedy }) })
}
