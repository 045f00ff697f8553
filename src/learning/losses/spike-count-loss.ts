import { type Readers, readOptions } from '../../network/reading/read-fields.js'
import { asGiven } from '../../network/reading/read-value.js'
import { exp } from '../../numerics/exp.js'
import { LOSS_RULES } from '../loss-rules.js'
import { fadingShares } from '../surrogate/time-grid.js'
import { crossEntropy, largest } from './cross-entropy.js'
import { fallbacksOf, numberField, spareNumber } from './loss-fields.js'
import { UNIT_LABELS } from './loss-labels.js'
import type { LossRecord } from './loss-record.js'
import { createUnitWorkspace } from './unit-workspace.js'

/** -ln softmax of the fading counts sum_k e^{-t_k / tau}. tau in ms. */
export interface SpikeCountLoss<Group extends string = string> {
  readonly kind: 'spikeCount'
  readonly group: Group
  readonly tau: number
  /** Label smoothing, from 0 and below 1; default 0. */
  readonly smoothing?: number
}

/** In ms. */
export type SpikeCountOptions = Partial<Omit<SpikeCountLoss, 'kind' | 'group'>>

// Values are checked where a session is handed the loss.
const OPTIONS: Readers<SpikeCountOptions> = { tau: asGiven, smoothing: asGiven }

/** -ln softmax of the fading counts, the sums of e^{-t/tau} over a unit's spikes; tau in ms. */
export function spikeCount<const Group extends string>(
  group: Group,
  options: SpikeCountOptions = {},
): SpikeCountLoss<Group> {
  return Object.freeze({ kind: 'spikeCount', group, ...DEFAULTS, ...readOptions(options, OPTIONS) })
}

/**
 * The label's unit shall have the largest fading spike count.
 *
 *     n_i = sum_{spikes of i} e^{-t_k / tau}        L = -ln softmax(n)[label]
 *     dL/dt_k = ([i = label] - softmax_i) / tau e^{-t_k / tau}        (spike k of unit i)
 *
 * Smoothing as in `crossEntropy`. A plain count is piecewise constant, so its exact gradient would be zero. Times in ms. A silent unit counts 0. The
 * prediction is the spiking unit with the largest count, the lowest one on ties.
 */
export const SPIKE_COUNT: LossRecord<SpikeCountLoss, 'spikes'> = {
  kind: 'spikeCount',
  observes: 'spikes',
  fields: { tau: numberField(LOSS_RULES.scale, 20), smoothing: spareNumber(LOSS_RULES.smoothing) },
  labels: UNIT_LABELS,
  evaluate({ tau, smoothing }, { observed: trains, trial, label, explicit, room: { scores: counts, rivals, slopes } }) {
    const start = trains.offsets[trial] as number
    const end = trains.offsets[trial + 1] as number
    counts.fill(0)
    // Silent units stay at -Infinity, so that a count that faded to 0 still wins over silence.
    rivals.fill(Number.NEGATIVE_INFINITY)
    for (let spike = start; spike < end; spike++) {
      const unit = trains.units[spike] as number
      const share = exp(-(trains.times[spike] as number) / tau)
      explicit[spike] = share
      const count = (counts[unit] as number) + share
      counts[unit] = count
      rivals[unit] = count
    }
    const value = crossEntropy(counts, label, slopes, smoothing)
    for (let spike = start; spike < end; spike++) {
      const slope = slopes[trains.units[spike] as number] as number
      explicit[spike] = (-slope * (explicit[spike] as number)) / tau
    }
    return { loss: value, prediction: largest(rivals), labelSilent: rivals[label] === Number.NEGATIVE_INFINITY }
  },
  /** The count is a sum over all points, sum of s_k e^{-t_k / tau}: each has a share in it, whether there was a spike. */
  onGrid(loss, { size, until, lanes, grid }) {
    const room = createUnitWorkspace(size)
    const shares = fadingShares(grid, loss.tau, 1)
    return {
      evaluate({ explicit, ...trial }) {
        const byTime = new Float64Array(trial.observed.times.length)
        const result = SPIKE_COUNT.evaluate(loss, { ...trial, size, until, explicit: byTime, room })
        for (let k = 0; k < grid.steps; k++)
          for (let unit = 0; unit < size; unit++)
            explicit[k * lanes + unit] = (room.slopes[unit] as number) * (shares[k] as number)
        return result
      },
    }
  },
}

const DEFAULTS = fallbacksOf<SpikeCountLoss>(SPIKE_COUNT.fields) as Required<Omit<SpikeCountOptions, 'smoothing'>>
