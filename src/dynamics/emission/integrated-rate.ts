import { firstWhere } from '../../numerics/first-where.js'

/** The integral of a rate that changes in steps, read backward. */
export interface IntegratedRate {
  /** When the integral has come to `spikes` > 0, in ms; Infinity if it never does. Never falls with `spikes`. */
  timeOf(spikes: number): number
}

/**
 * The inverse of the integral of a piecewise constant rate.
 *
 *     L_j = sum of rates[i] (times[i+1] - times[i]) / 1000, i < j
 *     timeOf(x) = times[j] + (x - L_j) 1000 / rates[j]        L_j <= x < L_{j+1}
 *
 * @param times in ms, rising
 * @param rates in Hz; rates[j] holds from times[j] to times[j + 1], the last one without end
 */
export function integratedRate(times: readonly number[], rates: readonly number[]): IntegratedRate {
  const integrals = new Float64Array(times.length)
  for (let j = 1; j < times.length; j++) {
    const length = (times[j] as number) - (times[j - 1] as number)
    integrals[j] = (integrals[j - 1] as number) + ((rates[j - 1] as number) * length) / 1000
  }
  return {
    timeOf(spikes) {
      const step = lastAtMost(integrals, spikes)
      const rate = rates[step] as number
      if (rate === 0) return Number.POSITIVE_INFINITY
      const time = (times[step] as number) + ((spikes - (integrals[step] as number)) * 1000) / rate
      // Rounding must not carry a spike past the start of the next step, where later ones may be.
      return Math.min(time, times[step + 1] ?? Number.POSITIVE_INFINITY)
    },
  }
}

/** The last place whose value is at most `limit`; values rise from 0, the limit is above it. */
function lastAtMost(values: Float64Array, limit: number): number {
  return firstWhere(values.length, (at) => (values[at] as number) > limit) - 1
}
