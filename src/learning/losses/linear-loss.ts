import { InputError } from '../../events/errors.js'
import { numbersThat, readNumbers } from '../../network/reading/read-list.js'
import { sameNumber } from '../../network/reading/read-number.js'
import { LOSS_RULES } from '../loss-rules.js'
import { SPARE_LABELS } from './loss-labels.js'
import type { LossRecord } from './loss-record.js'

/** sum of c_k t_k over all spikes of the group, in event order; one coefficient per spike. */
export interface LinearLoss<Group extends string = string> {
  readonly kind: 'linear'
  readonly group: Group
  readonly coefficients: readonly number[]
}

/** sum of c_k t_k over all spikes of the group in event order. */
export function linear<const Group extends string>(group: Group, coefficients: readonly number[]): LinearLoss<Group> {
  return Object.freeze({
    kind: 'linear',
    group,
    coefficients: Object.freeze(Array.from(readNumbers(coefficients, 'coefficients'))),
  })
}

/**
 * A weighted sum of all spike times of one trial, in event order.
 *
 *     L = sum_k c_k t_k        dL/dt_k = c_k
 *
 * Raises `InputError` LOSS_COEFFICIENT_COUNT unless there is one coefficient per spike.
 */
export const LINEAR: LossRecord<LinearLoss, 'spikes'> = {
  kind: 'linear',
  observes: 'spikes',
  fields: {
    coefficients: {
      needs: {
        what: 'a coefficient for every spike',
        remedy: 'Choose another loss; the loss files of gradient and verify have room for coefficients.',
      },
      plain: (value, field) =>
        Array.from(readNumbers(value, field), (entry: unknown, index) =>
          sameNumber(LOSS_RULES.coefficient)(entry, `${field}[${index}]`),
        ),
      parse: numbersThat(LOSS_RULES.coefficient),
    },
  },
  labels: SPARE_LABELS,
  evaluate({ group, coefficients }, { observed: trains, trial, explicit }) {
    const start = trains.offsets[trial] as number
    const spikes = (trains.offsets[trial + 1] as number) - start
    if (coefficients.length !== spikes) {
      throw new InputError({
        code: 'LOSS_COEFFICIENT_COUNT',
        field: 'coefficients',
        found: `${coefficients.length} coefficients`,
        expected: `${spikes}, one per spike of group "${group}" in trial ${trial}`,
        remedy: 'Simulate first to see how many spikes there are.',
      })
    }
    let sum = 0
    for (let spike = 0; spike < spikes; spike++) {
      const coefficient = coefficients[spike] as number
      sum += coefficient * (trains.times[start + spike] as number)
      explicit[start + spike] = coefficient
    }
    return { loss: sum, prediction: -1, labelSilent: false }
  },
}
