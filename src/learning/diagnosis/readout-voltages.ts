import type { Maxima } from '../maxima.js'
import { trialSum } from '../metrics.js'
import type { ReadoutVoltages } from '../session.js'

/** What the maxima of the voltages of some units say over all trials of a mini-batch. */
export function readoutVoltages({ values, times }: Maxima, units: number): ReadoutVoltages {
  const trials = units === 0 ? 0 : values.length / units
  const maxima = new Float64Array(units)
  const unrisen = new Float64Array(units)
  const ofTrials = new Float64Array(trials)
  for (let unit = 0; unit < units; unit++) {
    let count = 0
    for (let trial = 0; trial < trials; trial++) {
      const at = trial * units + unit
      ofTrials[trial] = values[at] as number
      if (times[at] === 0) count++
    }
    maxima[unit] = trialSum(ofTrials)
    unrisen[unit] = count
  }
  return { trials, maxima, unrisen }
}
