import type { SpikeTrains } from '../../events/spike-trains.js'
import { exp } from '../../numerics/exp.js'
import type { SpikeCountLoss } from '../loss.js'
import { crossEntropy } from './cross-entropy.js'
import { largest } from './largest.js'
import type { TrialLoss } from './trial-loss.js'
import type { UnitRoom } from './unit-room.js'

/**
 * The label's unit shall have the largest fading spike count.
 *
 *     n_i = sum_{spikes of i} e^{-t_k / tau}        L = -ln softmax(n)[label]
 *     dL/dt_k = ([i = label] - softmax_i) / tau e^{-t_k / tau}        (spike k of unit i)
 *
 * A plain count is piecewise constant, so its exact gradient would be zero. Times in ms. Writes dL/dt into the trial's
 * entries of `explicit`. A silent unit counts 0. The prediction is the spiking unit with the largest count, the lowest
 * one on ties.
 */
export function evaluateSpikeCount(
  loss: SpikeCountLoss,
  trains: SpikeTrains,
  trial: number,
  label: number,
  explicit: Float64Array,
  { scores: counts, rivals, slopes }: UnitRoom,
): TrialLoss {
  const start = trains.offsets[trial] as number
  const end = trains.offsets[trial + 1] as number
  counts.fill(0)
  // Silent units stay at -Infinity, so that a count that faded to 0 still wins over silence.
  rivals.fill(Number.NEGATIVE_INFINITY)
  for (let spike = start; spike < end; spike++) {
    const unit = trains.units[spike] as number
    const share = exp(-(trains.times[spike] as number) / loss.tau)
    explicit[spike] = share
    const count = (counts[unit] as number) + share
    counts[unit] = count
    rivals[unit] = count
  }
  const value = crossEntropy(counts, label, slopes)
  for (let spike = start; spike < end; spike++) {
    const slope = slopes[trains.units[spike] as number] as number
    explicit[spike] = (-slope * (explicit[spike] as number)) / loss.tau
  }
  return { loss: value, prediction: largest(rivals), labelSilent: rivals[label] === Number.NEGATIVE_INFINITY }
}
