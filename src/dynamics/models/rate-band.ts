/** How often a neuron shall spike in a trial, from `low` to `high` times, and how strongly it is held to that. */
export interface RateBand {
  readonly low: number
  readonly high: number
  readonly strength: number
}

/**
 * Heuristic, no gradient: what is taken from r = dL/dthreshold at each own spike of a neuron that spiked `count` times,
 *
 *     strength · (count - high) above the band, strength · (count - low) below it, 0 within.
 *
 * Above the band it acts like a loss that falls with the threshold, and rises with V: descending it, the neuron comes to
 * spike later and less often. A neuron without spikes is not reached; that is what the hinge of silent neurons is for.
 */
export function rateGradient({ low, high, strength }: RateBand, count: number): number {
  if (count > high) return strength * (count - high)
  return count < low ? strength * (count - low) : 0
}
