import type { RandomStream } from './random-stream.js'

/**
 * Draws a random order of 0 … size - 1 by the Fisher-Yates shuffle, every order equally likely.
 *
 * Step i = size - 1 … 1 swaps entry i with entry stream.integer(i, i + 1).
 */
export function permutation(stream: RandomStream, size: number): Uint32Array {
  const order = Uint32Array.from({ length: size }, (_, i) => i)
  for (let i = size - 1; i > 0; i--) {
    const j = stream.integer(i, i + 1)
    const swapped = order[i] as number
    order[i] = order[j] as number
    order[j] = swapped
  }
  return order
}
