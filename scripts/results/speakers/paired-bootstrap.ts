import { createRandomStream } from '../../../dist/numerics/random-stream.js'

/** A difference of two means with its interval. */
export interface PairedDifference {
  readonly difference: number
  /** From the 2.5th to the 97.5th percentile of what resampled clusters give. */
  readonly interval: readonly [low: number, high: number]
}

const RESAMPLES = 10_000
const TAIL = 0.025

/**
 * The mean of a - b over clusters that were measured with both, such as speakers, and how far it depends on which clusters
 * there were: clusters are drawn with replacement, each with both its values.
 *
 * Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, percentile intervals.
 *
 * @param a a value per cluster; @param b in the same order
 */
export function pairedBootstrap(a: readonly number[], b: readonly number[], seed = 1): PairedDifference {
  const differences = a.map((value, k) => value - (b[k] ?? Number.NaN))
  const draws = createRandomStream(seed, 'results/bootstrap')
  const count = differences.length
  const means = Array.from({ length: RESAMPLES }, (_, resample) => {
    let sum = 0
    for (let k = 0; k < count; k++) sum += differences[draws.integer(resample * count + k, count)] as number
    return sum / count
  }).sort((x, y) => x - y)
  const at = (share: number) => means[Math.round(share * (RESAMPLES - 1))] as number
  return {
    difference: differences.reduce((sum, each) => sum + each, 0) / count,
    interval: [at(TAIL), at(1 - TAIL)],
  }
}
