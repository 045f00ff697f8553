import { type Quotient, richardson } from './richardson.js'

export interface QuotientOptions {
  /** Number of halvings of the step, at least 2; default 5. */
  readonly levels?: number
  /** Rounding error of f relative to |f| + |x f'|; default 16 units of 2^-53. */
  readonly noise?: number
}

/** 16 units of 2^-53. */
export const DEFAULT_NOISE = 8 * Number.EPSILON

/** The steps h, h/2, h/4, … as pairs of points around x, as doubles hold them. */
export function probePoints(x: number, step: number, levels: number): readonly { low: number; high: number }[] {
  const points: { low: number; high: number }[] = []
  for (let h = step; points.length < levels; h /= 2) points.push({ low: x - h, high: x + h })
  return points
}

/** The quotient of values taken at `probePoints`. */
export function quotientOf(
  points: readonly { low: number; high: number }[],
  values: readonly { low: number; high: number }[],
  noise: number,
): Quotient {
  const quotients: number[] = []
  const roundings: number[] = []
  for (const [level, { low, high }] of points.entries()) {
    const at = values[level] as { low: number; high: number }
    // The width as the doubles have it: x ± h is rounded.
    const width = high - low
    const quotient = (at.high - at.low) / width
    // f also rounds its argument, or what it computes from it: that costs as much as moving x by this many units.
    const size = Math.abs(at.high) + Math.abs(at.low) + (Math.abs(high) + Math.abs(low)) * Math.abs(quotient)
    quotients.push(quotient)
    roundings.push((noise * size) / width)
  }
  return richardson(quotients, roundings)
}

/**
 * The derivative of f at x from central difference quotients, extrapolated to step 0, with an error estimate.
 *
 *     f'(x) ~ (f(x + h) - f(x - h)) / 2h   at h = step, step / 2, step / 4, …
 *
 * The estimate covers the truncation and the rounding of f; it is large where f has a kink within a step of x.
 */
export function centralQuotient(
  f: (x: number) => number,
  x: number,
  step: number,
  options: QuotientOptions = {},
): Quotient {
  const { levels = 5, noise = DEFAULT_NOISE } = options
  const points = probePoints(x, step, levels)
  return quotientOf(
    points,
    points.map(({ low, high }) => ({ low: f(low), high: f(high) })),
    noise,
  )
}
