import { UNIT_LABELS } from './loss-labels.js'
import type { LossRecord } from './loss-record.js'
import { evaluateScores } from './readout-scores.js'

/** -ln softmax(vMax)[label], vMax the maximum of each LI readout's voltage over the trial. */
export interface VMaxLoss {
  readonly kind: 'vMax'
  readonly group: string
}

/** -ln softmax(vMax)[label] over the voltage maxima of an LI readout. */
export function vMax(group: string): VMaxLoss {
  return Object.freeze({ kind: 'vMax', group })
}

/**
 * The label's readout shall reach the highest voltage of all.
 *
 *     L = -ln softmax(vMax)[label]        dL/dvMax_i = softmax_i - [i = label]
 *
 * vMax_i is the maximum of unit i over the trial. The prediction is the unit with the largest maximum, the lowest one on
 * ties.
 */
export const V_MAX: LossRecord<VMaxLoss, 'maxima'> = {
  kind: 'vMax',
  observes: 'maxima',
  fields: {},
  labels: UNIT_LABELS,
  evaluate: (_, { observed, trial, label, explicit, room }) =>
    evaluateScores(observed.values, 1, trial, label, explicit, room),
}
