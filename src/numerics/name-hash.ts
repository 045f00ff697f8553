/** A 64-bit hash as two 32-bit words. */
export interface NameHash {
  readonly low: number
  readonly high: number
}

/**
 * Hashes a name to 64 bits, to tell random streams apart; not cryptographic.
 *
 *     h := rotate((h xor byte) m)        for every byte of the UTF-8 text, in two lanes with their own start and m
 *
 * and a final mixing of each lane with the other and the length.
 */
export function nameHash(name: string): NameHash {
  const bytes = new TextEncoder().encode(name)
  let a = 0x811c9dc5
  let b = 0x6a09e667
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193)
    b = Math.imul(b ^ byte, 0x9e3779b1)
    b = (b << 13) | (b >>> 19)
  }
  const low = mix(a ^ bytes.length ^ mix(b))
  return { low: low >>> 0, high: mix(b ^ low) >>> 0 }
}

/** A bijection of 32-bit words in which every bit of the input moves every bit of the output. */
function mix(word: number): number {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
