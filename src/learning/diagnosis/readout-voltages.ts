import type { Maxima } from '../maxima.js'
import { trialSum } from '../metrics.js'
import type { ReadoutVoltages } from '../session.js'

/** What the maxima of the voltages of some units say over all trials of a mini-batch. */
export function readoutVoltages({ values, times }: Maxima, units: number): ReadoutVoltages {
  const trials = units === 0 ? 0 : values.length / units
  const maxima = new Float64Array(units)
  const unrisen = new Float64Array(units)
  for (let unit = 0; unit < units; unit++) {
    const ofTrials = Float64Array.from({ length: trials }, (_, trial) => values[trial * units + unit] as number)
    maxima[unit] = trialSum(ofTrials)
    for (let trial = 0; trial < trials; trial++)
      if (times[trial * units + unit] === 0) unrisen[unit] = (unrisen[unit] as number) + 1
  }
  return { trials, maxima, unrisen }
}
