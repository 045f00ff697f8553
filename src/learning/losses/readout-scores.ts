import { InputError } from '../../events/errors.js'
import type { AnyLoss } from './any-loss.js'
import { crossEntropy, largest } from './cross-entropy.js'
import { type LossLabels, UNIT_LABELS } from './loss-labels.js'
import type { LossSetting, LossTrial } from './loss-record.js'
import type { TrialLoss } from './trial-loss.js'
import type { UnitWorkspace } from './unit-workspace.js'

/** What a loss on readouts says of their units, beside what it reads of each. */
export interface ReadoutScoring {
  /** Label smoothing, from 0 and below 1; default 0. */
  readonly smoothing?: number
  /**
   * Units per class, whose scores are added: of `classes` classes, unit k · classes + c is the k-th of class c. Such as readouts
   * with several time constants. Default 1.
   */
  readonly unitsPerClass?: number
}

type Pooled = AnyLoss & ReadoutScoring

/** A label is the class of its trial, which is needed. */
export const CLASS_LABELS: LossLabels<Pooled> = {
  ...UNIT_LABELS,
  count: ({ unitsPerClass = 1 }, size) => Math.floor(size / unitsPerClass),
  meaning: (loss) => ((loss.unitsPerClass ?? 1) === 1 ? UNIT_LABELS.meaning(loss) : `a class of group "${loss.group}"`),
}

/** Raises `InputError` LOSS_UNITS_PER_CLASS where classes would have different numbers of units. */
export function requireWholeClasses({ unitsPerClass = 1, group }: Pooled, { size }: LossSetting): void {
  if (size % unitsPerClass === 0) return
  throw new InputError({
    code: 'LOSS_UNITS_PER_CLASS',
    field: 'loss.unitsPerClass',
    found: `${unitsPerClass}, in group "${group}" with ${size} units`,
    expected: 'a number that divides the units of the group',
  })
}

/**
 * -ln softmax(s)[label] with s_c the sum over the units of class c of scale x, over one number x per readout, row-major
 * [trial][unit], smoothed as in `crossEntropy`.
 *
 * Writes dL/dx, without smoothing scale (softmax_c - [c = label]), into the trial's row of `explicit`. The prediction is the
 * class with the largest score, the lowest one on ties.
 */
export function evaluateScores(
  numbers: Float64Array,
  { smoothing, unitsPerClass = 1 }: ReadoutScoring,
  scale: number,
  { trial, label, explicit, room }: Omit<LossTrial<unknown>, 'observed'>,
): TrialLoss {
  const classes = room.scores.length / unitsPerClass
  const { scores, slopes } = unitsPerClass === 1 ? room : scoresPerClass(room, classes)
  const row = trial * room.scores.length
  for (let c = 0; c < classes; c++) scores[c] = scale * (numbers[row + c] as number)
  for (let k = 1; k < unitsPerClass; k++)
    for (let c = 0; c < classes; c++)
      scores[c] = (scores[c] as number) + scale * (numbers[row + k * classes + c] as number)
  const loss = crossEntropy(scores, label, slopes, smoothing)
  for (let k = 0; k < unitsPerClass; k++)
    for (let c = 0; c < classes; c++) explicit[row + k * classes + c] = scale * (slopes[c] as number)
  return { loss, prediction: largest(scores), labelSilent: false }
}

function scoresPerClass({ scores, slopes }: UnitWorkspace, classes: number): Pick<UnitWorkspace, 'scores' | 'slopes'> {
  return { scores: scores.subarray(0, classes), slopes: slopes.subarray(0, classes) }
}
