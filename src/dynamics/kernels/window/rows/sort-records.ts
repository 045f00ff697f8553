/** Records that are put in order one by one sooner than by a list of their places. */
const FEW = 24

/**
 * Sorts records in place, if need be.
 *
 * @param words what the records lie in, and nothing else
 * @param width 32-bit places of a record
 * @param compare how the records that now stand at two places are to stand, as for arrays; 0 for none but the same
 */
export function sortRecords(words: Uint32Array, width: number, compare: (a: number, b: number) => number): void {
  const count = words.length / width
  let sorted = 1
  while (sorted < count && compare(sorted - 1, sorted) < 0) sorted++
  if (sorted >= count) return
  if (count <= FEW) {
    for (let next = sorted; next < count; next++)
      for (let k = next; k > 0 && compare(k - 1, k) > 0; k--) swapWithPrevious(words, width, k)
    return
  }
  const order = Uint32Array.from({ length: count }, (_, k) => k).sort(compare)
  const unsorted = words.slice()
  order.forEach((from, to) => {
    words.set(unsorted.subarray(width * from, width * from + width), width * to)
  })
}

function swapWithPrevious(words: Uint32Array, width: number, k: number): void {
  for (let at = width * k; at < width * (k + 1); at++) {
    const word = words[at] as number
    words[at] = words[at - width] as number
    words[at - width] = word
  }
}
