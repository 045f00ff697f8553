/** The place of (x, y) along the Hilbert curve through a square of 2^bits by 2^bits. */
export function hilbertIndex(x: number, y: number, bits: number): number {
  let [index, u, v] = [0, x, y]
  for (let size = 2 ** (bits - 1); size >= 1; size /= 2) {
    const right = u >= size ? 1 : 0
    const upper = v >= size ? 1 : 0
    index += size * size * ((3 * right) ^ upper)
    u -= right * size
    v -= upper * size
    if (upper === 0) {
      if (right === 1) [u, v] = [size - 1 - u, size - 1 - v]
      ;[u, v] = [v, u]
    }
  }
  return index
}
