/** Bins of intervals between spikes: twenty per decade from 0.1 ms to 100 s, the outer ones open. */
const PER_DECADE = 20
const LEAST = 0.1
const DECADES = 6

export const INTERVAL_BINS = PER_DECADE * DECADES

/** The bin of an interval in ms. */
export function intervalBin(interval: number): number {
  const at = Math.floor(PER_DECADE * Math.log10(interval / LEAST))
  return Math.min(INTERVAL_BINS - 1, Math.max(0, at))
}

/** Where a bin begins, in ms. */
export function binStart(bin: number): number {
  return LEAST * 10 ** (bin / PER_DECADE)
}
