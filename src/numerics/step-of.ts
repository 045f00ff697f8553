/** Times that are so few rounding errors above a whole number of ticks are that number: 1.1 ms are 11 ticks of 0.1 ms. */
const ROUNDING = 4 * 2 ** -53

/** Whole ticks that hold a time: the least k with time <= k ticks. */
export function ticksFor(time: number, tick: number): number {
  const ticks = time / tick
  const nearest = Math.round(ticks)
  return Math.abs(ticks - nearest) <= ROUNDING * nearest ? nearest : Math.ceil(ticks)
}

/** Whole ticks within a time: the most k with k ticks <= time. */
export function ticksWithin(time: number, tick: number): number {
  const ticks = time / tick
  const nearest = Math.round(ticks)
  return Math.abs(ticks - nearest) <= ROUNDING * nearest ? nearest : Math.floor(ticks)
}

/** The step of something that happens at a time: step k is (k - 1, k] ticks, and step 1 has time 0 as well. */
export function stepOf(time: number, tick: number): number {
  return Math.max(1, ticksFor(time, tick))
}
