/** Odd, so that multiplying by them loses nothing. */
const A = 0x9e3779b1
const B = 0x85ebca77

/**
 * 32 bits over the bytes of a frame, without the four at `hole`, where the result is kept.
 *
 * Every step is a bijection of the running value and of the word it takes, so any change within one aligned 32-bit
 * word is found for certain, anything else but once in 2^32. Four lanes keep the multiplier busy. It guards against
 * accidents, not against malice.
 *
 * @param bytes start at a multiple of 4 in their buffer
 * @param hole a multiple of 4
 */
export function checksum(bytes: Uint8Array, hole: number): number {
  const count = bytes.byteLength >>> 2
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, count)
  const gap = hole >>> 2
  let a = bytes.byteLength | 0
  for (let i = 0; i < gap; i++) a = mix(a, words[i] as number)
  let b = 1
  let c = 2
  let d = 3
  let i = gap + 1
  for (; i + 4 <= count; i += 4) {
    a = mix(a, words[i] as number)
    b = mix(b, words[i + 1] as number)
    c = mix(c, words[i + 2] as number)
    d = mix(d, words[i + 3] as number)
  }
  for (; i < count; i++) a = mix(a, words[i] as number)
  for (let k = 4 * count; k < bytes.byteLength; k++) a = mix(a, bytes[k] as number)
  return avalanche(mix(mix(mix(a, b), c), d))
}

/** The rotation carries high bits to where the next multiplication spreads them. */
function mix(value: number, word: number): number {
  const product = Math.imul(value ^ word, A)
  return (product << 13) | (product >>> 19)
}

function avalanche(value: number): number {
  const mixed = Math.imul(value ^ (value >>> 16), B)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
