import { LANES, MULTIPLIER_0, MULTIPLIER_1, words } from './constants'

/** Bytes of the keys of a round, two vectors of four equal words. */
const ROUND: usize = 32
const KEYS: usize = 10 * ROUND

/** The random words of four blocks: lane n of vector k is word k of block n. */
export let words0: v128 = i32x4.splat(0)
export let words1: v128 = i32x4.splat(0)
export let words2: v128 = i32x4.splat(0)
export let words3: v128 = i32x4.splat(0)

/**
 * Philox4x32-10 of four successive indices of one stream: twin of src/numerics/philox.ts, a block in each lane.
 *
 * @param index of the first, a multiple of 4; low and high are the hash of the stream's name
 * @param keys address of the keys of all rounds, which follow from the seed
 */
export function philoxFour(index: u64, low: i32, high: i32, keys: usize): void {
  const m0 = words(MULTIPLIER_0)
  const m1 = words(MULTIPLIER_1)
  let c0 = v128.or(i32x4.splat(<i32>index), words(LANES))
  let c1 = i32x4.splat(<i32>(index >> 32))
  let c2 = i32x4.splat(low)
  let c3 = i32x4.splat(high)
  for (let key = keys; key < keys + KEYS; key += ROUND) {
    const a = i64x2.extmul_low_i32x4_u(c0, m0)
    const b = i64x2.extmul_high_i32x4_u(c0, m0)
    const c = i64x2.extmul_low_i32x4_u(c2, m1)
    const d = i64x2.extmul_high_i32x4_u(c2, m1)
    c0 = v128.xor(v128.xor(v128.shuffle<i32>(c, d, 1, 3, 5, 7), c1), v128.load(key))
    c1 = v128.shuffle<i32>(c, d, 0, 2, 4, 6)
    c2 = v128.xor(v128.xor(v128.shuffle<i32>(a, b, 1, 3, 5, 7), c3), v128.load(key, 16))
    c3 = v128.shuffle<i32>(a, b, 0, 2, 4, 6)
  }
  words0 = c0
  words1 = c1
  words2 = c2
  words3 = c3
}
