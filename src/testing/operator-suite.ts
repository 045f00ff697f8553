import { loadFunction } from '../actors/modules/load-export.js'
import { ANY_MODULE } from '../actors/modules/module-policy.js'
import { createOperator } from '../actors/partition/wiring/create-operators.js'
import type { CheckedOperator } from '../dynamics/operators/checked-operator.js'
import { spikeRandom } from '../dynamics/operators/operator.js'
import { RunError } from '../events/errors.js'
import { OPERATOR_EXPORT, operator } from '../network/description/projections.js'
import type { PlainOptions } from '../network/modules/plain-options.js'
import { type Readers, readOptions } from '../network/reading/read-fields.js'
import { integerFrom, readPositive } from '../network/reading/read-number.js'
import { readString } from '../network/reading/read-value.js'
import { createRandomStream } from '../numerics/random-stream.js'
import { brokenLaw } from './broken-law.js'
import { askedMeanwhile } from './watch-impurity.js'

export interface OperatorSuiteOptions {
  /** The function that the module exports; default 'createOperator'. */
  readonly export?: string
  /** Units of the source group; default 16. */
  readonly sourceSize?: number
  /** Spikes that are asked about; default 300. */
  readonly spikes?: number
  /** End of the interval in which they come, in ms; default 100. */
  readonly until?: number
  /** Draws the spikes and what the operator draws; default 1. */
  readonly seed?: number
}

const READERS: Readers<OperatorSuiteOptions> = {
  export: readString,
  sourceSize: integerFrom(1),
  spikes: integerFrom(1),
  until: readPositive,
  seed: integerFrom(0),
}

/** How much of an operator the laws could look at. */
export interface OperatorCoverage {
  readonly kept: number
  readonly dropped: number
  /** Slopes beside their quotients, and those where what happens jumps. */
  readonly slopes: number
  readonly jumps: number
}

/** One spike that an operator is asked about. */
interface Asked {
  readonly trial: number
  readonly unit: number
  readonly number: number
  readonly time: number
}

/** What it says of it. */
interface Said {
  readonly isKept: boolean
  readonly extra: number
  readonly slope: number
}

const TRIALS = 3
/** In ms; powers of two, so that times are moved by just so much. */
const STEPS = [2 ** -8, 2 ** -11] as const
const TOLERANCE = 1e-5

/**
 * Puts an operator through its laws: it says the same of a spike whatever batches it comes in, in whatever order, alone or
 * with others, now or again, here or in another slice; it asks neither chance nor a clock; it keeps its least delay; its
 * slopes are difference quotients of its delays.
 *
 * Raises `RunError` LAW_BROKEN, which names the law and the spike, and what loading a module raises.
 *
 * @example
 * await operatorSuite(new URL('./router.js', import.meta.url), { loss: 0.1 })
 */
export async function operatorSuite(
  module: URL | string,
  options: PlainOptions = {},
  settings: OperatorSuiteOptions = {},
): Promise<OperatorCoverage> {
  const { export: exported = OPERATOR_EXPORT, ...given } = readOptions(settings, READERS, 'settings')
  const { sourceSize = 16, spikes = 300, until = 100, seed = 1 } = given
  const reference = operator(module, options, { export: exported })
  const modules = new Map([[reference, await loadFunction(reference, ANY_MODULE)]])
  const create = () => createOperator(reference, { modules, seed, key: 'a->b', target: 'b', position: 0, sourceSize })
  const asked = drawSpikes(spikes, { sourceSize, until, seed })

  const first = purely(() => create())
  const expected = purely(() => answers(first, asked))
  holdsHoweverAsked(asked, expected, first, 'again')
  // Another instance knows nothing of what this one was asked.
  holdsHoweverAsked(asked, expected, purely(create), 'of another slice')
  return { ...countKept(expected), ...slopesAreQuotients(asked, expected, first) }
}

function drawSpikes(
  count: number,
  { sourceSize, until, seed }: { readonly sourceSize: number; readonly until: number; readonly seed: number },
): readonly Asked[] {
  const stream = createRandomStream(seed, 'operatorSuite')
  const counts = new Map<string, number>()
  const drawn = Array.from({ length: count }, (_, k) => ({
    trial: stream.integer(3 * k, TRIALS),
    unit: stream.integer(3 * k + 1, sourceSize),
    time: Math.round(stream.uniform(3 * k + 2) * until * 2 ** 20) / 2 ** 20,
  }))
  drawn.sort((a, b) => a.trial - b.trial || a.time - b.time || a.unit - b.unit)
  return drawn.map((spike) => {
    const key = `${spike.trial} ${spike.unit}`
    const number = counts.get(key) ?? 0
    counts.set(key, number + 1)
    return { ...spike, number }
  })
}

/** Asks about spikes as they come: each trial in one batch. */
function answers(subject: CheckedOperator, asked: readonly Asked[]): readonly Said[] {
  return Array.from({ length: TRIALS }, (_, trial) => asked.filter((spike) => spike.trial === trial)).flatMap((batch) =>
    ask(subject, batch),
  )
}

/** Asks about some spikes of one trial at once. */
function ask(subject: CheckedOperator, spikes: readonly Asked[]): readonly Said[] {
  const [{ trial } = { trial: 0 }] = spikes
  const named = {
    trial,
    units: Uint32Array.from(spikes, ({ unit }) => unit),
    numbers: Uint32Array.from(spikes, ({ number }) => number),
  }
  const random = spikeRandom(subject.origin, 0, {
    ...named,
    units: named.units.slice(),
    numbers: named.numbers.slice(),
  })
  const { keep, extra, slope } = subject.apply({
    ...named,
    times: Float64Array.from(spikes, ({ time }) => time),
    random,
  })
  return spikes.map((_, k) => {
    const isKept = keep === undefined || keep[k] !== 0
    return { isKept, extra: isKept ? (extra?.[k] ?? 0) : 0, slope: isKept ? (slope?.[k] ?? 0) : 0 }
  })
}

/** Does what an operator does, and looks whether it asks chance or a clock meanwhile. */
function purely<Result>(work: () => Result): Result {
  try {
    const { result, asked } = askedMeanwhile(work)
    if (asked !== null)
      throw brokenLaw('operatorSuite', `it asks ${asked}, which no pure operator does`, { rule: 'pure' })
    return result
  } catch (error) {
    if (!(error instanceof RunError) || !error.code.startsWith('OPERATOR_')) throw error
    throw brokenLaw('operatorSuite', error.message, { rule: 'promise' })
  }
}

function holdsHoweverAsked(
  asked: readonly Asked[],
  expected: readonly Said[],
  subject: CheckedOperator,
  when: string,
): void {
  const parts: readonly (readonly [string, readonly (readonly number[])[]])[] = [
    [`asked ${when}`, byTrial(asked)],
    [`each alone ${when}`, asked.map((_, k) => [k])],
    [`the last one first ${when}`, asked.map((_, k) => [asked.length - 1 - k])],
    [`in threes ${when}`, byTrial(asked).flatMap((places) => cut(places, 3))],
    [`unit by unit ${when}`, byTrial(asked).flatMap((places) => byUnit(asked, places))],
  ]
  for (const [how, batches] of parts)
    for (const places of batches) {
      const said = purely(() =>
        ask(
          subject,
          places.map((k) => asked[k] as Asked),
        ),
      )
      places.forEach((k, at) => {
        requireSame(asked[k] as Asked, said[at] as Said, expected[k] as Said, how)
      })
    }
}

function byTrial(asked: readonly Asked[]): readonly (readonly number[])[] {
  const places = [...asked.keys()]
  return [...new Set(asked.map(({ trial }) => trial))].map((trial) => places.filter((k) => asked[k]?.trial === trial))
}

function byUnit(asked: readonly Asked[], places: readonly number[]): readonly (readonly number[])[] {
  const units = [...new Set(places.map((k) => (asked[k] as Asked).unit))]
  return units.toReversed().map((unit) => places.filter((k) => asked[k]?.unit === unit))
}

function cut(places: readonly number[], size: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(places.length / size) }, (_, k) => places.slice(size * k, size * (k + 1)))
}

function requireSame(spike: Asked, found: Said, expected: Said, how: string): void {
  const differs = (['isKept', 'extra', 'slope'] as const).find((what) => !Object.is(found[what], expected[what]))
  if (differs === undefined) return
  const { trial, unit, number, time } = spike
  const what = differs === 'isKept' ? 'whether it keeps it' : `its ${differs}`
  throw brokenLaw(
    'operatorSuite',
    `of spike ${number} of unit ${unit} in trial ${trial} at ${time} ms it says another thing ${how}: ${what} is ${found[differs]}, and was ${expected[differs]}`,
    { rule: 'same result', unit, number, time },
  )
}

function countKept(said: readonly Said[]): Pick<OperatorCoverage, 'kept' | 'dropped'> {
  const kept = said.filter(({ isKept }) => isKept).length
  return { kept, dropped: said.length - kept }
}

/** Moves each spike alone; where two quotients do not agree, what happens jumps, and there is no slope. */
function slopesAreQuotients(
  asked: readonly Asked[],
  said: readonly Said[],
  subject: CheckedOperator,
): Pick<OperatorCoverage, 'slopes' | 'jumps'> {
  let slopes = 0
  let jumps = 0
  asked.forEach((spike, k) => {
    const own = said[k] as Said
    if (!own.isKept) return
    const quotients = STEPS.map((step) => quotientOf(subject, spike, step))
    const [wide, narrow] = quotients as [number | null, number | null]
    const allowed = TOLERANCE * Math.max(1, Math.abs(own.slope))
    if (wide === null || narrow === null || Math.abs(wide - narrow) > allowed) {
      jumps++
      return
    }
    slopes++
    if (Math.abs(narrow - own.slope) <= allowed) return
    const { unit, number, time } = spike
    const found = `the slope of spike ${number} of unit ${unit} at ${time} ms is ${own.slope}, but the quotient of its delay is ${narrow}`
    throw brokenLaw('operatorSuite', found, { rule: 'slope', unit, number, time })
  })
  return { slopes, jumps }
}

function quotientOf(subject: CheckedOperator, spike: Asked, step: number): number | null {
  const at = (time: number) => purely(() => ask(subject, [{ ...spike, time }]))[0] as Said
  const [before, after] = [at(Math.max(0, spike.time - step)), at(spike.time + step)]
  if (!before.isKept || !after.isKept) return null
  return (after.extra - before.extra) / (spike.time + step - Math.max(0, spike.time - step))
}
