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
import { type Halving, OBJECTIVES, type Objective, type Sweep, type Variation } from './sweep.js'

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

const PARTS = ['network', 'data', 'training']

const readVary: Reader<Sweep['vary']> = (value, field) => {
  const vary = mapOf(readVariation)(value, field)
  const paths = Object.keys(vary)
  if (paths.length === 0) throw mistake(field, 'no path', 'the path of one field of the preset at least')
  for (const path of paths) {
    const names = path.split('.')
    const [part = ''] = names
    if (names.length < 2 || names.includes('') || !PARTS.includes(part)) {
      const expected = `the path of a field of the preset, which begins with ${eitherOf(PARTS)}`
      throw mistake(fieldIn(field, path), JSON.stringify(path), expected, suggestionFor(part, PARTS).remedy)
    }
    const outer = paths.find((other) => path.startsWith(`${other}.`))
    if (outer !== undefined)
      throw mistake(fieldIn(field, path), `a field within ${outer}, which is varied, too`, 'paths beside each other')
  }
  return vary
}

const readRungs: Reader<readonly number[]> = (value, field) => {
  const rungs = listOf(integerFrom(1))(value, field)
  if (rungs.length < 2) throw mistake(field, `${rungs.length} rungs`, 'two numbers of epochs at least')
  const wrong = rungs.findIndex((epochs, k) => k > 0 && epochs <= (rungs[k - 1] as number))
  if (wrong < 0) return rungs
  throw mistake(`${field}[${wrong}]`, `${rungs[wrong]} after ${rungs[wrong - 1]}`, 'numbers of epochs that rise')
}

const READERS: Readers<Sweep> = Object.freeze({
  base: readString,
  task: readString,
  vary: readVary,
  sampler: wordOf(['grid', 'random', 'sobol'] as const),
  runs: integerFrom(1),
  seed: readCount,
  seeds: integerFrom(1),
  halving: recordOf<Halving>({
    rungs: readRungs,
    keep: numberThat({ expected: 'a share above 0 and below 1', holds: (share) => share > 0 && share < 1 }),
  }),
  objective: wordOf(Object.keys(OBJECTIVES) as Objective[]),
})

/**
 * Reads the text of a sweep. Defaults: `seed` 0, `seeds` 1, `objective` validationAccuracy.
 *
 * Raises `InputError` that names file and field: JSON_INVALID, JSON_DUPLICATE_KEY, FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN,
 * OPTION_OUT_OF_RANGE, NUMBER_NOT_FINITE, SHAPE_MISMATCH, SWEEP_INVALID.
 */
export function readSweep(text: string, file?: string): Sweep {
  return readingFile(file, () => {
    const given = readRequired<Sweep, 'base' | 'vary' | 'sampler'>(
      parseJson(text),
      READERS,
      ['base', 'vary', 'sampler'],
      '$',
    )
    const sweep: Sweep = { seed: 0, seeds: 1, objective: 'validationAccuracy', ...given }
    if (sweep.sampler === 'grid') requireGrid(sweep)
    else requireDrawn(sweep)
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
export function isVaried({ vary }: Sweep, field: string): boolean {
  return Object.keys(vary).some((path) => field === path || field.startsWith(`${path}.`))
}

function requireGrid({ vary, runs }: Sweep): void {
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
export function gridSize(vary: Sweep['vary']): number {
  return Object.values(vary).reduce(
    (size, variation) => size * ('values' in variation ? variation.values.length : 0),
    1,
  )
}

function requireDrawn({ vary, sampler, runs }: Sweep): void {
  if (runs === undefined) throw mistake('runs', 'nothing', `the number of settings that are drawn (${sampler})`)
  if (runs > MOST_SETTINGS) throw mistake('runs', `${runs}`, `at most ${MOST_SETTINGS}`)
  const paths = Object.keys(vary).length
  if (sampler === 'sobol' && paths > MOST_SOBOL_DIMENSIONS)
    throw mistake('vary', `${paths} paths`, `at most ${MOST_SOBOL_DIMENSIONS}`, 'Give "sampler": "random".')
}

function mistake(field: string, found: string, expected: string, remedy?: string): InputError {
  return new InputError({ code: CODE, field, found, expected, ...(remedy === undefined ? {} : { remedy }) })
}
