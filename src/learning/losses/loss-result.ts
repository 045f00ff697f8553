import { RunError } from '../../events/errors.js'
import { isPromised } from '../../events/is-promised.js'
import { describeThrown } from '../../network/reading/describe-thrown.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { MOST_CLASSES } from '../labels.js'
import type { LossResult } from './loss-definition.js'
import type { TrialLoss } from './trial-loss.js'
import type { UserLoss } from './user-loss.js'

/** What a user-defined loss was called with. */
export interface AskedOf {
  readonly loss: UserLoss
  readonly trial: number
  readonly size: number
  /** -1: none. */
  readonly label: number
  /** Derivatives that it owes, and what each is of. */
  readonly owed: number
  readonly per: 'spike' | 'unit' | 'unit and point'
}

/**
 * Evaluates a user-defined loss for a trial, and checks its result: a loss, or null; a prediction that is a label, or none;
 * and as many finite derivatives as it owes, which are handed to `write` one by one.
 *
 * Raises `RunError` LOSS_FAILED, which names the loss, the trial, what was found and what was expected.
 */
export function askLoss(
  asked: AskedOf,
  ask: () => LossResult,
  write: (index: number, value: number) => void,
): TrialLoss {
  const { loss: own, size, label, owed } = asked
  const result = resultFor(asked, ask)
  const { loss, prediction = null, gradients } = result
  if (loss !== null && !isNumber(loss))
    throw failure(asked, `the loss ${describeValue(loss)}`, 'a finite number, or null')
  const classes = own.labels === 'unit' ? size : MOST_CLASSES
  if (prediction !== null && !isLabel(prediction, classes))
    throw failure(
      asked,
      `the prediction ${describeValue(prediction)}`,
      `null, or a whole number from 0 to ${classes - 1}`,
    )
  writeGradients(asked, loss === null && gradients === undefined ? new Float64Array(owed) : gradients, loss, write)
  return { loss, prediction: prediction ?? -1, labelSilent: loss === null && label >= 0 }
}

function resultFor(asked: AskedOf, ask: () => LossResult): Readonly<Partial<Record<keyof LossResult, unknown>>> {
  let found: unknown
  try {
    // Getters may throw, too, so that all are read here.
    found = plainCopy(ask())
  } catch (cause) {
    throw failure(asked, `the error ${describeThrown(cause, 'with its name')}`, 'a loss and its derivatives', cause)
  }
  if (isPromised(found)) throw failure(asked, 'a promise', 'a loss and its derivatives, at once')
  if (typeof found !== 'object' || found === null)
    throw failure(asked, describeValue(found), 'an object { loss, gradients }')
  return found as LossResult
}

function plainCopy(found: unknown): unknown {
  if (typeof found !== 'object' || found === null || found instanceof Promise) return found
  const { loss, prediction, gradients } = found as Partial<Record<keyof LossResult, unknown>>
  return { loss, prediction, gradients: Array.isArray(gradients) ? Array.from(gradients as unknown[]) : gradients }
}

function writeGradients(
  asked: AskedOf,
  given: unknown,
  loss: unknown,
  write: (index: number, value: number) => void,
): void {
  const { owed, per } = asked
  if (!Array.isArray(given) && !isNumberArray(given))
    throw failure(
      asked,
      given === undefined ? 'no gradients' : `the gradients ${describeValue(given)}`,
      `${owed}, one per ${per}`,
    )
  if (given.length !== owed) throw failure(asked, `${given.length} gradients`, `${owed}, one per ${per}`)
  for (let k = 0; k < owed; k++) {
    const value: unknown = given[k]
    if (!isNumber(value)) throw failure(asked, `gradients[${k}] = ${describeValue(value)}`, 'a finite number')
    if (loss === null && value !== 0)
      throw failure(asked, `gradients[${k}] = ${value}, of the loss null`, 'no derivatives')
    write(k, value)
  }
}

function isNumberArray(value: unknown): value is Float64Array {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isLabel(value: unknown, count: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < count
}

function failure(
  { loss: { name, group }, trial }: AskedOf,
  found: string,
  expected: string,
  cause?: unknown,
): RunError {
  return new RunError({
    code: 'LOSS_FAILED',
    message: `The loss "${name}" of group "${group}" in trial ${trial}: found ${found}, expected ${expected}.`,
    details: { loss: name, group, trial, found, expected },
    ...(cause === undefined ? {} : { cause }),
  })
}
