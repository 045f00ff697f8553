/** A factor of weights, and the rate that neurons have with it. */
export interface MeasuredRate {
  readonly factor: number
  readonly rate: number
}

/** What came of a search: a factor with a rate within the range, or the closest on either side of it. */
export type FoundFactor =
  | { readonly found: MeasuredRate }
  | { readonly found: null; readonly below: MeasuredRate | null; readonly above: MeasuredRate | null }

/** So often the factor is doubled or halved before one with a rate on the other side is given up. */
const DOUBLINGS = 40
const BISECTIONS = 24

/**
 * The first factor with a rate in [low, high]: from `start` on by doubling, or halving, until the rate comes to the other side of
 * the range, then by bisection of the logarithm. A start whose rate is in the range stays.
 */
export function searchFactor(
  start: number,
  [low, high]: readonly [low: number, high: number],
  rateAt: (factor: number) => number,
): FoundFactor {
  let below: MeasuredRate | null = null
  let above: MeasuredRate | null = null
  let factor = start
  for (let step = 0; step <= DOUBLINGS + BISECTIONS; step++) {
    const measured = { factor, rate: rateAt(factor) }
    if (measured.rate >= low && measured.rate <= high) return { found: measured }
    if (measured.rate < low) below = measured
    else above = measured
    if (below !== null && above !== null) factor = Math.sqrt(below.factor * above.factor)
    else if (step === DOUBLINGS) break
    else factor = below === null ? factor / 2 : factor * 2
  }
  return { found: null, below, above }
}
