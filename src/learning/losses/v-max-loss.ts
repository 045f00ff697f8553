import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { asGiven } from '../../network/reading/read-value.js'
import { LOSS_RULES } from '../loss-rules.js'
import { spareNumber } from './loss-fields.js'
import type { LossRecord } from './loss-record.js'
import { CLASS_LABELS, evaluateScores, type ReadoutScoring, requireWholeClasses } from './readout-scores.js'

/** -ln softmax(vMax)[label], vMax the maximum of each LI readout's voltage over the trial. */
export interface VMaxLoss<Group extends string = string> extends ReadoutScoring {
  readonly kind: 'vMax'
  readonly group: Group
}

export type VMaxOptions = Partial<Omit<VMaxLoss, 'kind' | 'group'>>

// Values are checked where a session is handed the loss.
const OPTIONS: Readers<VMaxOptions> = { smoothing: asGiven, unitsPerClass: asGiven }

/** -ln softmax(vMax)[label] over the voltage maxima of an LI readout. See `VMaxLoss`. */
export function vMax<const Group extends string>(group: Group, options: VMaxOptions = {}): VMaxLoss<Group> {
  return Object.freeze({ kind: 'vMax', group, ...readOptions(options, OPTIONS) })
}

/**
 * The label's readout shall reach the highest voltage of all.
 *
 *     L = -ln softmax(vMax)[label]        dL/dvMax_i = softmax_i - [i = label]
 *
 * vMax_i is the maximum of unit i over the trial, or the sum of those of the units of class i. The prediction is the class with
 * the largest one, the lowest on ties. Smoothing as in `crossEntropy`.
 */
export const V_MAX: LossRecord<VMaxLoss, 'maxima'> = {
  kind: 'vMax',
  observes: 'maxima',
  fields: { smoothing: spareNumber(LOSS_RULES.smoothing), unitsPerClass: spareNumber(LOSS_RULES.units, 1) },
  labels: CLASS_LABELS,
  check: requireWholeClasses,
  evaluate: (loss, trial) => evaluateScores(trial.observed.values, loss, 1, trial),
}
