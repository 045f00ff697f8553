/** Rows of numbers, one part behind the other; a single part is not copied. */
export function joinRows(parts: readonly Float64Array[]): Float64Array {
  const [only] = parts
  if (only !== undefined && parts.length === 1) return only
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
