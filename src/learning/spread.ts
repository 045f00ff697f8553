/** What several measurements of one number say together. */
export interface Spread {
  readonly mean: number
  /** Sample standard deviation, sqrt(sum (x - mean)^2 / (n - 1)); null of a single one. */
  readonly std: number | null
  /** In the order they were taken. */
  readonly values: readonly number[]
}

/** @param values one at least */
export function spreadOf(values: readonly number[]): Spread {
  const mean = sum(values) / values.length
  const squares = sum(values.map((value) => (value - mean) * (value - mean)))
  return { mean, std: values.length === 1 ? null : Math.sqrt(squares / (values.length - 1)), values }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
