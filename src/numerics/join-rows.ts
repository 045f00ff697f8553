/** Rows of numbers, one part behind the other; a single part is not copied. */
export function joinRows(parts: readonly Float64Array[]): Float64Array {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  return copyRows(parts)
}

/** @param into an earlier result, which is written again if it is as long; default: a new array is */
export function copyRows(parts: readonly Float64Array[], into: Float64Array = new Float64Array(0)): Float64Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  const all = into.length === length ? into : new Float64Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
