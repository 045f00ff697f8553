import { InputError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { LinearLoss } from '../loss.js'
import type { TrialLoss } from './trial-loss.js'

/**
 * A weighted sum of all spike times of one trial, in event order.
 *
 *     L = sum_k c_k t_k        dL/dt_k = c_k
 *
 * Writes dL/dt into the trial's entries of `explicit`. Raises `InputError` LOSS_COEFFICIENT_COUNT unless there is one
 * coefficient per spike.
 */
export function evaluateLinear(
  loss: LinearLoss,
  trains: SpikeTrains,
  trial: number,
  explicit: Float64Array,
): TrialLoss {
  const start = trains.offsets[trial] as number
  const spikes = (trains.offsets[trial + 1] as number) - start
  const { coefficients } = loss
  if (coefficients.length !== spikes) {
    throw new InputError({
      code: 'LOSS_COEFFICIENT_COUNT',
      field: 'coefficients',
      found: `${coefficients.length} coefficients`,
      expected: `${spikes}, one per spike of group "${loss.group}" in trial ${trial}`,
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
}
