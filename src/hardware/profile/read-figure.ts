import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import { isPrintable, printable } from '../../events/printable.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { fieldIn, recordOf, refuseUnknown } from '../../network/reading/read-fields.js'
import { readList } from '../../network/reading/read-list.js'
import { type NumberRule, numberThat } from '../../network/reading/read-number.js'
import { type Reader, readPlain, readString, wordOf } from '../../network/reading/read-value.js'
import { wrongType } from '../../network/reading/wrong-value.js'
import { contradiction } from './contradiction.js'
import type { EnergyFigure, Figure, FigureUnit, KnownFigure } from './figure.js'
import { unitRemedy } from './unit-remedy.js'

export const PROVENANCES = ['published', 'derived', 'assumed'] as const
const STAGES = ['silicon', 'pre-silicon'] as const
const KINDS = ['marginal', 'average'] as const
const BOUNDS = ['atLeast', 'atMost'] as const

const ENERGIES: readonly FigureUnit[] = ['pJ', 'pJ/bit']
const MEASURED: readonly FigureUnit[] = [...ENERGIES, 'W', 'ns']
const COMMON = ['value', 'unit', 'provenance', 'source', 'bound', 'range', 'secondary']

const rule = (expected: string, holds: NumberRule['holds']): NumberRule => ({
  ...{ code: 'CHIP_INVALID', expected, holds },
  remedy: 'Where nothing is known, give null in the place of the figure.',
})
/** Sums of more events than there ever are stay finite below it. */
const MOST = 1e100

const AMOUNT = rule('a number from 0 to 1e100', (value) => value >= 0 && value <= MOST)
export const CHANCE = rule('a probability from 0 to 1', (value) => value >= 0 && value <= 1)
export const POSITIVE = rule('a number above 0, at most 1e100', (value) => value > 0 && value <= MOST)
export const COUNT = rule('an integer from 1', (value) => Number.isSafeInteger(value) && value >= 1)
export const COUNT_OR_NONE = rule('an integer from 0', (value) => Number.isSafeInteger(value) && value >= 0)

/** A figure in one unit, or null. */
export function figureIn(unit: FigureUnit, numbers: NumberRule = AMOUNT): Reader<Figure> {
  return (value, field) => (value === null ? null : readKnown(value, field, unit, numbers))
}

/** The cost of something: a figure in one unit, `{"includedIn": "synapse", "source": …}`, or null. */
export function energyIn(unit: FigureUnit): Reader<EnergyFigure> {
  return (value, field) => {
    const isIncluded = typeof value === 'object' && value !== null && Object.hasOwn(value, 'includedIn')
    if (!isIncluded) return figureIn(unit)(value, field)
    return recordOf({ includedIn: readString, source: readText })(value, field)
  }
}

/** A text that says something. */
export const readText: Reader<string> = (value, field) => {
  const text = readString(value, field)
  if (text.trim() !== '') return text
  throw new InputError({ code: 'CHIP_INVALID', field, found: describeValue(text), expected: 'words' })
}

/** The same in one line that can go to a terminal. */
const readPrintable: Reader<string> = (value, field) => {
  const text = readText(value, field)
  if (isPrintable(text)) return text
  const found = `"${printable(text)}"`
  throw new InputError({ code: 'CHIP_INVALID', field, found, expected: 'words of characters that can be seen' })
}

/** A name goes into names of files, which may have 255 bytes with what is put to it. */
const MOST_CHARACTERS = 64

export const readName: Reader<string> = (value, field) => {
  const name = readPrintable(value, field)
  if (name.length <= MOST_CHARACTERS) return name
  throw new InputError({
    code: 'CHIP_INVALID',
    field,
    found: `a name of ${name.length} characters`,
    expected: `at most ${MOST_CHARACTERS}, for files are named after it`,
    remedy: 'Shorten it, and say the rest in comments.',
  })
}

function readKnown(value: unknown, field: string, unit: FigureUnit, numbers: NumberRule): KnownFigure {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw noFigure(value, field, unit)
  const record = readPlain(value, field)
  const isEnergy = ENERGIES.includes(unit)
  const isMeasured = MEASURED.includes(unit)
  refuseUnknown(record, [...COMMON, ...(isMeasured ? ['stage'] : []), ...(isEnergy ? ['kind'] : [])], field)
  requireUnit(record, field, unit)
  const word = <Word extends string>(name: string, words: readonly Word[]) =>
    wordOf(words)(entryOf(record, name), fieldIn(field, name))
  const provenance = word('provenance', PROVENANCES)
  const needsStage = isMeasured && provenance !== 'assumed'
  return {
    value: numberThat(numbers)(record.value, `${field}.value`),
    unit,
    provenance,
    ...(needsStage || record.stage !== undefined ? { stage: word('stage', STAGES) } : {}),
    ...(isEnergy ? { kind: word('kind', KINDS) } : {}),
    ...(record.bound === undefined ? {} : { bound: word('bound', BOUNDS) }),
    ...readRange(record, field, numbers),
    ...readSecondary(record.secondary, `${field}.secondary`),
    source: readText(record.source, `${field}.source`),
  }
}

type Fields = Readonly<Record<string, unknown>>

function noFigure(value: unknown, field: string, unit: FigureUnit): InputError {
  const expected = `a figure, {"value": …, "unit": "${unit}", "provenance": …, "source": …}, or null for unknown`
  return wrongType(value, field, expected)
}

function requireUnit({ value, unit: given }: Fields, field: string, unit: FigureUnit): void {
  if (given === unit) return
  const place = `${field}.unit`
  const quoted = JSON.stringify(unit)
  if (typeof given !== 'string') throw wrongType(given, place, quoted)
  const remedy = unitRemedy(value, given, unit)
  const found = describeValue(given)
  throw new InputError({ code: 'CHIP_UNIT', field: place, found, expected: quoted, remedy })
}

function readRange({ range, value, bound }: Fields, field: string, numbers: NumberRule): Pick<KnownFigure, 'range'> {
  if (range === undefined) return {}
  const place = `${field}.range`
  const list = readList(range, place)
  if (list.length !== 2) throw wrongType(range, place, 'a list of 2, the least and the most')
  const [least, most] = [0, 1].map((k) => numberThat(numbers)(list[k], `${place}[${k}]`)) as [number, number]
  if (least > most) throw contradiction(place, `[${least}, ${most}]`, 'the least before the most')
  if (!(Number(value) >= least && Number(value) <= most))
    throw contradiction(`${field}.value`, String(value), `a value from ${least} to ${most}, as its range says`)
  if (bound !== undefined)
    throw contradiction(field, 'a bound and a range', 'one of them: what has a bound is not known on that side')
  return { range: [least, most] }
}

function readSecondary(value: unknown, field: string): Pick<KnownFigure, 'secondary'> {
  if (value === undefined) return {}
  if (value === true) return { secondary: true }
  throw wrongType(value, field, 'true, or nothing at all')
}
