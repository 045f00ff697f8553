/** Where the fixed tree over `count` leaves splits: the largest power of two below `count`; count in 2 … 2^31. */
export function treeSplit(count: number): number {
  return 1 << (31 - Math.clz32(count - 1))
}
