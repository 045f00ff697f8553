import { refuseUnknown } from '../network/reading/read-fields.js'
import { listOf } from '../network/reading/read-list.js'
import { integerFrom, readNumber } from '../network/reading/read-number.js'
import { type Fields, instanceOf, readRecord } from '../network/reading/read-value.js'
import type { BestEpoch } from './best-epoch.js'
import { type BudgetPoint, requireBudgetPoint } from './budget-strengths.js'
import type { EarlierEpoch } from './diagnosis/earlier-epoch.js'
import { type EpochTally, emptyTally } from './epoch-tally.js'
import { requireLabelArray } from './labels.js'
import { requireNumber } from './step-rules.js'

/**
 * Where a training stands between two mini-batches, as plain data. With the state of its session at that moment it
 * continues as if it had never stopped.
 */
export interface TrainingPoint {
  /** 1, 2, …; one more than the epochs of the run once all are done. */
  readonly epoch: number
  /** Mini-batches of this epoch that are done. */
  readonly step: number
  /** What they reported. */
  readonly tally: EpochTally
  /** Absent where nothing is known of the epochs before. */
  readonly best?: BestEpoch | null
  /** Of a training with spike budgets. */
  readonly budgets?: BudgetPoint
  /** The epoch before, if it is known: advice tells what has not changed. */
  readonly earlier?: EarlierEpoch | null
}

/** The point before the first mini-batch of an epoch. */
export function beginningOf(
  epoch: number,
  best: BestEpoch | null = null,
  { budgets, earlier = null }: Pick<TrainingPoint, 'earlier'> & { readonly budgets?: BudgetPoint | undefined } = {},
): TrainingPoint {
  return { epoch, step: 0, tally: emptyTally(), best, earlier, ...(budgets === undefined ? {} : { budgets }) }
}

/**
 * Raises `InputError` TRAIN_OPTION unless a point lies within an epoch of `steps` steps, FIELD_MISSING, FIELD_TYPE and
 * FIELD_UNKNOWN for what is none.
 */
export function requirePoint(point: TrainingPoint, steps: number): void {
  refuseUnknown(readRecord(point, 'from'), ['epoch', 'step', 'tally', 'best', 'budgets', 'earlier'], 'from')
  const { epoch, step, tally, best, budgets, earlier } = point
  requireNumber('from.epoch', epoch, Number.isSafeInteger(epoch) && epoch >= 1, 'an integer from 1')
  const fits = Number.isSafeInteger(step) && step >= 0 && step <= steps
  requireNumber('from.step', step, fits, `an integer from 0 to ${steps}, the mini-batches of an epoch`)
  const arrays = readRecord(tally, 'from.tally')
  instanceOf(Float64Array)(arrays.losses, 'from.tally.losses')
  instanceOf(Float64Array)(arrays.silentFractions, 'from.tally.silentFractions')
  instanceOf(Float64Array)(arrays.gradientNorms, 'from.tally.gradientNorms')
  instanceOf(Int32Array)(arrays.predictions, 'from.tally.predictions')
  instanceOf(Uint32Array)(arrays.trials, 'from.tally.trials')
  requireLabelArray(arrays.labels, 1, 'from.tally.labels')
  if (best !== undefined && best !== null) readRecord(best, 'from.best')
  if (earlier !== undefined && earlier !== null) requireEarlier(readRecord(earlier, 'from.earlier'))
  if (budgets !== undefined) requireBudgetPoint(budgets, 'from.budgets')
}

function requireEarlier(earlier: Fields): void {
  for (const name of ['loss', 'validationLoss'] satisfies (keyof EarlierEpoch)[])
    if (earlier[name] !== null) readNumber(earlier[name], `from.earlier.${name}`)
  listOf(integerFrom(0))(earlier.neverPredicted, 'from.earlier.neverPredicted')
}
