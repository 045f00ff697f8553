import type { SpikeTrains } from '../events/spike-trains.js'
import { readTrains } from '../network/reading/read-trains.js'
import { requireNumber } from './step-rules.js'

/** How often and how regularly a group fires. */
export interface FiringStatistics {
  /** Spikes per neuron and second, in Hz. */
  readonly rate: number
  /** Coefficient of variation of the inter-spike intervals; null if no neuron has two of them. */
  readonly cv: number | null
}

/**
 * Rate and regularity of a group's spikes in trials of [0, until) ms.
 *
 *     rate = 1000 spikes / (size · trials · until)
 *     cv   = mean over (neuron, trial) with two intervals or more of  std / mean of its intervals
 *
 * std is that of the intervals themselves (divided by their number); 0 / 0 counts as 0. A clock has cv 0, a Poisson process 1.
 *
 * Raises `InputError` FIELD_MISSING, FIELD_TYPE and TRAIN_OPTION.
 *
 * @param size of the group
 */
export function firingStatistics(trains: SpikeTrains, size: number, until: number): FiringStatistics {
  const trials = readTrains(trains, 'trains').offsets.length - 1
  requireNumber('size', size, Number.isSafeInteger(size) && size >= 1, 'an integer from 1')
  requireNumber('until', until, typeof until === 'number' && until > 0, 'a time above 0 ms')
  const rate = (1000 * trains.times.length) / (size * trials * until)
  let sum = 0
  let count = 0
  for (let trial = 0; trial < trials; trial++) {
    for (const cv of variationsOf(trains, size, trial)) {
      sum += cv
      count++
    }
  }
  return { rate, cv: count === 0 ? null : sum / count }
}

/** The coefficients of variation of the neurons that have two intervals or more in a trial, in their order. */
function variationsOf({ offsets, times, units }: SpikeTrains, size: number, trial: number): readonly number[] {
  const tally = createIntervalTally(size)
  const end = offsets[trial + 1] as number
  for (let k = offsets[trial] as number; k < end; k++) tally.add(units[k] as number, times[k] as number)
  return tally.variations()
}

/** Takes in the spikes of a group in the order of their times. */
export interface IntervalTally {
  /** The interval since the neuron's last spike, in ms; NaN at its first. */
  add(unit: number, time: number): number
  /** std / mean of the intervals of each neuron that has two or more, in their order. */
  variations(): readonly number[]
}

export function createIntervalTally(size: number): IntervalTally {
  const last = new Float64Array(size).fill(Number.NaN)
  const counts = new Float64Array(size)
  // Means and sums of squared deviations as they grow (Welford): the intervals may be long and nearly equal.
  const means = new Float64Array(size)
  const squares = new Float64Array(size)
  return {
    add(unit, time) {
      const interval = time - (last[unit] as number)
      last[unit] = time
      if (Number.isNaN(interval)) return interval
      const deviation = interval - (means[unit] as number)
      counts[unit] = (counts[unit] as number) + 1
      means[unit] = (means[unit] as number) + deviation / (counts[unit] as number)
      squares[unit] = (squares[unit] as number) + deviation * (interval - (means[unit] as number))
      return interval
    },
    variations: () =>
      Array.from(counts.keys()).flatMap((unit) => {
        const intervals = counts[unit] as number
        if (intervals < 2) return []
        const mean = means[unit] as number
        return [mean === 0 ? 0 : Math.sqrt((squares[unit] as number) / intervals) / mean]
      }),
  }
}
