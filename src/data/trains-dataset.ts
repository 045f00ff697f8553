import type { SpikeTrains } from '../events/spike-trains.js'
import type { Dataset } from '../learning/task.js'
import { type LabelledTrains, requireLabelledTrains } from './labelled-trains.js'
import { requireSamplesBelow } from './sample-range.js'

/**
 * Creates the data set of spike trains, given to the source group `input`.
 *
 * Raises what `requireLabelledTrains` raises; `encode` raises SAMPLE_OUT_OF_RANGE for a sample the set does not have.
 *
 * @example
 * const dataset = createTrainsDataset({ trains, labels, classes: 20, units: 700 })
 */
export function createTrainsDataset(given: LabelledTrains): Dataset {
  requireLabelledTrains(given)
  const { trains, labels, classes } = given
  return {
    size: labels.length,
    classes,
    labels,
    emptyTrials: labels.filter((_, trial) => trains.offsets[trial] === trains.offsets[trial + 1]).length,
    encode: (samples) => {
      requireSamplesBelow(labels.length, samples)
      return { input: pickTrials(trains, samples) }
    },
  }
}

/** The spikes of some trials, in their order. */
export function pickTrials({ offsets, times, units }: SpikeTrains, trials: Uint32Array): SpikeTrains {
  const picked = new Uint32Array(trials.length + 1)
  const startOf = (trial: number) => offsets[trial] as number
  for (const [place, trial] of trials.entries())
    picked[place + 1] = (picked[place] as number) + startOf(trial + 1) - startOf(trial)
  const count = picked[trials.length] as number
  const found = { offsets: picked, times: new Float64Array(count), units: new Uint32Array(count) }
  for (const [place, trial] of trials.entries()) {
    found.times.set(times.subarray(startOf(trial), startOf(trial + 1)), picked[place])
    found.units.set(units.subarray(startOf(trial), startOf(trial + 1)), picked[place])
  }
  return found
}
