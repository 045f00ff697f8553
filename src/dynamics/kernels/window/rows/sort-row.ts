/**
 * Puts the records of a row in the order of one of their numbers.
 *
 * @param words and numbers show the same memory
 * @param width 32-bit places of a record
 * @param key place of the number in it
 */
export function sortRow(words: Uint32Array, numbers: Float32Array, width: number, key: number): void {
  const count = words.length / width
  const order = Uint32Array.from({ length: count }, (_, k) => k)
  order.sort((a, b) => (numbers[width * a + key] as number) - (numbers[width * b + key] as number) || a - b)
  const unsorted = words.slice()
  order.forEach((from, to) => {
    words.set(unsorted.subarray(width * from, width * from + width), width * to)
  })
}
