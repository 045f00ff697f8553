/** Copies of arrays, in the place of copies of the same lengths, if there are any. */
export function copyArrays(
  arrays: readonly Float64Array[],
  earlier?: readonly Float64Array[],
): readonly Float64Array[] {
  if (earlier === undefined) return arrays.map((array) => array.slice())
  arrays.forEach((array, k) => {
    earlier[k]?.set(array)
  })
  return earlier
}
