import { RunError } from '../../events/errors.js'
import { isPromised } from '../../events/is-promised.js'
import { UNNOTED, type VerbNote } from '../../network/modules/module-verbs.js'
import { describeThrown } from '../../network/reading/describe-thrown.js'
import { describeValue } from '../../network/reading/describe-value.js'
import type { OperatorAnswer, OperatorBatch, RandomOrigin, SpikeOperator } from './operator.js'

/** What `apply` may answer. */
const ANSWERS: readonly string[] = ['keep', 'extra', 'slope'] satisfies readonly (keyof OperatorAnswer)[]

/** The identity of an operator, for error messages. */
export interface OperatorPlace {
  readonly module: string
  /** Key of the projection. */
  readonly projection: string
}

/** An operator whose answers are held to what it has promised. */
export interface CheckedOperator {
  readonly place: OperatorPlace
  readonly origin: RandomOrigin
  readonly least: number
  apply(batch: OperatorBatch): OperatorAnswer
}

/**
 * @param note called with the user function that is being executed
 *
 * Raises `RunError` OPERATOR_FAILED if it cannot be made, OPERATOR_BROKEN if what is made is none; `apply` raises the same
 * where it throws, and for answers of other lengths or kinds, and delays below `least`.
 */
export function checkOperator(
  create: () => unknown,
  place: OperatorPlace,
  origin: RandomOrigin,
  note: VerbNote = UNNOTED,
): CheckedOperator {
  note.begin('createOperator', null, null)
  const made = attempt(() => withRead(create(), ['apply', 'least']), { place, note }, 'createOperator')
  const operator = requireOperator(made, place)
  const { least = 0 } = operator
  return {
    place,
    origin,
    least,
    apply(batch) {
      const [first = 0] = batch.times
      const apply = () => withRead(operator.apply(batch), ANSWERS)
      note.begin('apply', batch.trial, first)
      const answer = attempt(apply, { place, note }, 'apply', first)
      return requireAnswer(answer, { place, least, batch })
    },
  }
}

/** A field may be a getter, and throw: it has to do so where it is known whose it is. */
function withRead(value: unknown, fields: readonly string[]): unknown {
  if (typeof value === 'object' && value !== null) for (const field of fields) void Reflect.get(value, field)
  return value
}

interface Attempted {
  readonly place: OperatorPlace
  readonly note: VerbNote
}

/** Does the work of a verb that has been noted. */
function attempt<Result>(work: () => Result, { place, note }: Attempted, verb: string, time?: number): Result {
  try {
    return work()
  } catch (cause) {
    const what = describeThrown(cause)
    throw failure('OPERATOR_FAILED', place, verb, `it throws: ${what}`, time, cause)
  } finally {
    note.end()
  }
}

function requireOperator(value: unknown, place: OperatorPlace): SpikeOperator {
  const broken = (what: string) => failure('OPERATOR_BROKEN', place, 'createOperator', what)
  if (isPromised(value)) throw broken('it returns a promise, and no operator at once')
  if (typeof value !== 'object' || value === null || !('apply' in value) || typeof value.apply !== 'function')
    throw broken(`it returns ${describeValue(value)}, and no object with a function apply`)
  const { least } = value as SpikeOperator
  if (least !== undefined && !(typeof least === 'number' && least >= 0 && least < Infinity))
    throw broken(`its least delay is ${describeValue(least)}, and no finite number from 0`)
  return value as unknown as SpikeOperator
}

interface Asked {
  readonly place: OperatorPlace
  readonly least: number
  readonly batch: OperatorBatch
}

function requireAnswer(answer: unknown, asked: Asked): OperatorAnswer {
  const { place, least, batch } = asked
  const { times } = batch
  const broken = (what: string, k = 0) => failure('OPERATOR_BROKEN', place, 'apply', what, times[k])
  if (isPromised(answer)) throw broken('it returns a promise, and no answer at once')
  if (typeof answer !== 'object' || answer === null) throw broken(`it returns ${describeValue(answer)}, and no object`)
  const stranger = Object.keys(answer).find((field) => !ANSWERS.includes(field))
  if (stranger !== undefined)
    throw broken(`it answers ${JSON.stringify(stranger)}, and may answer ${ANSWERS.join(', ')} alone`)
  const { keep, extra, slope } = answer as OperatorAnswer
  const requireArray = (array: unknown, name: string, kind: typeof Uint8Array | typeof Float64Array) => {
    // Of what only inherits from an array nothing can be read.
    const isArray = ArrayBuffer.isView(array) && array instanceof kind
    if (array === undefined || (isArray && array.length === times.length)) return
    throw broken(`${name} is ${describeValue(array)}, and no ${kind.name} of ${times.length}, one per spike`)
  }
  requireArray(keep, 'keep', Uint8Array)
  requireArray(extra, 'extra', Float64Array)
  requireArray(slope, 'slope', Float64Array)
  for (let k = 0; k < times.length; k++) {
    if (keep !== undefined && keep[k] === 0) continue
    const delay = extra === undefined ? 0 : (extra[k] as number)
    if (!(delay >= least && delay < Infinity))
      throw broken(
        `it delays a spike by ${delay} ms, and not by ${least} ms or more, which it declares as its least`,
        k,
      )
    if (slope !== undefined && !Number.isFinite(slope[k])) throw broken(`the slope of a spike is ${slope[k]}`, k)
  }
  return answer as OperatorAnswer
}

function failure(
  code: string,
  { module, projection }: OperatorPlace,
  verb: string,
  what: string,
  time?: number,
  cause?: unknown,
): RunError {
  const when = time === undefined ? '' : ` at ${time} ms`
  return new RunError({
    code,
    message: `${verb} of ${module}, an operator of the projection ${projection}, broke its promise${when}: ${what}.`,
    details: { module, verb, projection, ...(time === undefined ? {} : { time }) },
    ...(cause === undefined ? {} : { cause }),
  })
}
