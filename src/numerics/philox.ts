const MULTIPLIER_0 = 0xd2511f53
const MULTIPLIER_1 = 0xcd9e8d57
const WEYL_0 = 0x9e3779b9
const WEYL_1 = 0xbb67ae85
const ROUNDS = 10

/**
 * The counter-based generator Philox4x32-10: four random words as a pure function of counter and key.
 *
 * `block` holds the counter c0 … c3 (32-bit words) on entry and the random words on return. k0, k1: the key.
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */
export function philox(block: Uint32Array, k0: number, k1: number): void {
  let c0 = (block[0] as number) | 0
  let c1 = (block[1] as number) | 0
  let c2 = (block[2] as number) | 0
  let c3 = (block[3] as number) | 0
  let key0 = k0 | 0
  let key1 = k1 | 0
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(c0, MULTIPLIER_0)
    const high1 = multiplyHigh(c2, MULTIPLIER_1)
    const low0 = Math.imul(c0, MULTIPLIER_0)
    const low1 = Math.imul(c2, MULTIPLIER_1)
    c0 = high1 ^ c1 ^ key0
    c1 = low1
    c2 = high0 ^ c3 ^ key1
    c3 = low0
    key0 = (key0 + WEYL_0) | 0
    key1 = (key1 + WEYL_1) | 0
  }
  block[0] = c0
  block[1] = c1
  block[2] = c2
  block[3] = c3
}

/** The upper 32 bits of the 64-bit product of two 32-bit words, from products of their halves. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const low = Math.imul(aLow, bLow) >>> 16
  const middle = (Math.imul(aHigh, bLow) >>> 0) + low
  const cross = (Math.imul(aLow, bHigh) >>> 0) + (middle & 0xffff)
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) | 0
}

/** The keys of all rounds: of round r the words 2r and 2r + 1. */
export function philoxKeys(k0: number, k1: number): Uint32Array {
  return Uint32Array.from({ length: 2 * ROUNDS }, (_, k) => {
    const round = k >> 1
    return k % 2 === 0 ? k0 + Math.imul(round, WEYL_0) : k1 + Math.imul(round, WEYL_1)
  })
}
