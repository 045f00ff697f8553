import { numbersThat, readList } from '../reading/read-list.js'
import { keepsRule, type NumberRule, refuseNumber } from '../reading/read-number.js'
import { wrongShape } from '../reading/wrong-value.js'

/** Numbers over all pairs of a dense projection, row-major [target][source]. */
export interface Matrix {
  readonly values: number[]
  /** Indices of the pairs that hold null, ascending; their value is 0. */
  readonly absent: number[]
}

export interface MatrixShape {
  readonly targets: number
  readonly sources: number
}

/** A nested list [target][source] of numbers that keep their rule, or null; raises `SHAPE_MISMATCH`. */
export function readMatrix(value: unknown, shape: MatrixShape, rule: NumberRule, field: string): Matrix {
  const rows = readList(value, field)
  if (rows.length !== shape.targets) throw wrongShape(field, `${rows.length} rows`, `${shape.targets}, one per target`)
  const values: number[] = []
  const absent: number[] = []
  for (const [target, given] of rows.entries()) {
    const place = `${field}[${target}]`
    const row = readList(given, place)
    if (row.length !== shape.sources)
      throw wrongShape(place, `${row.length} values`, `${shape.sources}, one per source`)
    for (let source = 0; source < row.length; source++) {
      const entry = row[source]
      if (entry === null) absent.push(values.length)
      else if (!keepsRule(entry, rule)) throw refuseNumber(entry, rule, `${place}[${source}]`)
      values.push(entry === null ? 0 : entry + 0)
    }
  }
  return { values, absent }
}

/**
 * Numbers over all pairs, nested [target][source] or flat in the same order.
 *
 * Null is allowed where `absent` says that there is no synapse; a number there counts as 0.
 */
export function readOverlay(
  value: readonly unknown[],
  absent: readonly number[],
  shape: MatrixShape,
  rule: NumberRule,
  field: string,
): number[] {
  if (!Array.isArray(value[0])) return silence(numbersThat(rule, shape.targets * shape.sources)(value, field), absent)
  const matrix = readMatrix(value, shape, rule, field)
  const without = new Set(absent)
  const hole = matrix.absent.find((index) => !without.has(index))
  if (hole === undefined) return silence(matrix.values, absent)
  const place = `${field}[${Math.floor(hole / shape.sources)}][${hole % shape.sources}]`
  throw refuseNumber(null, rule, place)
}

function silence(values: number[], absent: readonly number[]): number[] {
  for (const index of absent) values[index] = 0
  return values
}
