import { InputError } from '../events/errors.js'
import type { Loss } from './loss.js'
import { nameOfLoss } from './loss-view.js'
import type { LossSetting, ObservedData } from './losses/loss-record.js'
import { recordOf } from './losses/record-of.js'
import type { TrialLoss } from './losses/trial-loss.js'
import { createUnitWorkspace } from './losses/unit-workspace.js'

/**
 * The loss of one trial, with its derivatives, which are written into `explicit` as `LossTrial` says.
 *
 * Raises `InputError` LOSS_LABEL_MISSING and LOSS_LABEL_RANGE, and what the loss itself raises.
 */
export type TrialEvaluation = (
  observed: ObservedData[keyof ObservedData],
  trial: number,
  label: number | null,
  explicit: Float64Array,
) => TrialLoss

/** What evaluates a loss trial by trial, on what it observes. */
export function createEvaluation(loss: Loss, setting: LossSetting): TrialEvaluation {
  const { size, until } = setting
  const record = recordOf(loss)
  const room = createUnitWorkspace(size)
  return (observed, trial, label, explicit) =>
    record.evaluate(loss, {
      observed,
      trial,
      label: requireLabel(loss, size, trial, label),
      size,
      until,
      explicit,
      room,
    })
}

/**
 * The label of a trial, as its loss takes it: a unit of the group, or a target train; -1 for none. Of a single one no label is
 * needed. Labels that are given were checked with their trials; here a missing one is found, where a loss looks for it.
 *
 * Raises `InputError` LOSS_LABEL_MISSING or LOSS_LABEL_RANGE.
 */
export function requireLabel(loss: Loss, size: number, trial: number, label: number | null): number {
  const { labels } = recordOf(loss)
  const count = labels.count?.(loss, size)
  if (count === undefined) return label ?? -1
  if (label === null && labels.isSpare === true && count === 1) return 0
  if (label === null) {
    throw new InputError({
      code: 'LOSS_LABEL_MISSING',
      field: 'label',
      found: `no label for trial ${trial}`,
      expected: `one, because the loss is "${nameOfLoss(loss)}"`,
    })
  }
  if (!Number.isInteger(label) || label < 0 || label >= count) {
    throw new InputError({
      code: 'LOSS_LABEL_RANGE',
      field: 'label',
      found: `${label} in trial ${trial}`,
      expected: `an integer from 0 to ${count - 1}, ${labels.meaning(loss)}`,
    })
  }
  return label
}
