/** The index of the largest entry, the lowest one on ties; -1 if there is none above -Infinity. */
export function largest(values: Float64Array): number {
  let best = -1
  let top = Number.NEGATIVE_INFINITY
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number
    if (value > top) {
      top = value
      best = index
    }
  }
  return best
}
