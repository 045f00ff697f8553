import type { SliceNumbers } from './connectivity.js'

/** The numbers of all slices, in whatever order they come, those of one slice behind those of the one before; a copy. */
export function joinSlices(slices: readonly SliceNumbers[]): Float64Array {
  const whole = new Float64Array(slices.reduce((sum, { values }) => sum + values.length, 0))
  let next = 0
  for (const { values } of slices.toSorted((a, b) => a.start - b.start)) {
    whole.set(values, next)
    next += values.length
  }
  return whole
}
