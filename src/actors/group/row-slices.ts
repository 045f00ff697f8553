import type { Slice } from '../../network/slices/blocks.js'

/** Copies the columns of a slice out of row-major [trial][unit of the whole group]. */
export function sliceOfRows(rows: Float64Array, total: number, { start, end }: Slice): Float64Array {
  const size = end - start
  if (size === total) return rows.slice()
  const part = new Float64Array((rows.length / total) * size)
  for (let from = start, to = 0; to < part.length; from += total, to += size)
    part.set(rows.subarray(from, from + size), to)
  return part
}

/** Copies a slice's columns to their places in row-major [trial][unit of the whole group]. */
export function placeInRows(part: Float64Array, rows: Float64Array, total: number, { start, end }: Slice): void {
  const size = end - start
  if (size === total) rows.set(part)
  else
    for (let from = 0, to = start; from < part.length; from += size, to += total)
      rows.set(part.subarray(from, from + size), to)
}
