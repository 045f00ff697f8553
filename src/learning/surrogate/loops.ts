/*
 * The loops over units in which the time goes. Numbers are kept in 32 bits, as in the frameworks this method comes from.
 */

/** to[i] += rows[from + i] */
export function addRow(to: Float32Array, rows: Float32Array, from: number): void {
  const { length } = to
  for (let i = 0; i < length; i++) to[i] = (to[i] as number) + (rows[from + i] as number)
}

/** rows[at + i] += values[i] */
export function addToRow(rows: Float32Array, at: number, values: Float32Array): void {
  const { length } = values
  for (let i = 0; i < length; i++) rows[at + i] = (rows[at + i] as number) + (values[i] as number)
}

/** Rows that `addWeightedRows` takes at once. */
export const ROWS_AT_ONCE = 4

/**
 * to[i] += sum over r of factors[r] rows[r · length + i], four rows at once, so that `to` is read and written once for
 * all four.
 */
export function addWeightedRows(to: Float32Array, rows: Float32Array, factors: Float32Array): void {
  const { length } = to
  const whole = factors.length - (factors.length % ROWS_AT_ONCE)
  for (let r = 0; r < whole; r += ROWS_AT_ONCE) {
    const a = factors[r] as number
    const b = factors[r + 1] as number
    const c = factors[r + 2] as number
    const d = factors[r + 3] as number
    const first = r * length
    const second = first + length
    const third = second + length
    const fourth = third + length
    for (let i = 0; i < length; i++) {
      to[i] =
        (to[i] as number) +
        a * (rows[first + i] as number) +
        b * (rows[second + i] as number) +
        (c * (rows[third + i] as number) + d * (rows[fourth + i] as number))
    }
  }
  for (let r = whole; r < factors.length; r++) {
    const factor = factors[r] as number
    const row = r * length
    for (let i = 0; i < length; i++) to[i] = (to[i] as number) + factor * (rows[row + i] as number)
  }
}

/** Whether every entry is 0. */
export function isZero(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) return false
  return true
}
