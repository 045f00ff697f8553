import { integerFrom } from '../network/reading/read-number.js'

/** The Mersenne Twister with 53-bit doubles, as numpy's legacy `RandomState` draws from it. */
export interface Mt19937 {
  /** The next word, uniform on [0, 2^32). */
  uint32(): number
  /** The next double, uniform on [0, 1) in steps of 2^-53; takes two words. */
  uniform(): number
  /** The next integer in [0, bound), by masking and rejection; `bound` is in 1 … 2^32. */
  below(bound: number): number
}

const readSeed = integerFrom(0)

const LENGTH = 624
const SHIFT = 397
const UPPER_BIT = 0x80000000
const LOWER_BITS = 0x7fffffff
const TWIST = 0x9908b0df

/**
 * Creates the generator numpy calls `RandomState(seed)`, bit for bit.
 *
 * Source: Matsumoto & Nishimura 1998 (ACM TOMACS 8:3), `init_genrand` of 2002.
 */
export function createMt19937(seed: number): Mt19937 {
  const state = seeded(readSeed(seed, 'seed'))
  let position = LENGTH

  const uint32 = () => {
    if (position === LENGTH) {
      twist(state)
      position = 0
    }
    return temper(state[position++] as number)
  }

  return {
    uint32,
    uniform() {
      const high = uint32() >>> 5
      const low = uint32() >>> 6
      return (high * 2 ** 26 + low) / 2 ** 53
    },
    below(bound) {
      const largest = bound - 1
      const mask = largest === 0 ? 0 : 0xffffffff >>> Math.clz32(largest)
      for (;;) {
        const candidate = (uint32() & mask) >>> 0
        if (candidate <= largest) return candidate
      }
    },
  }
}

function seeded(seed: number): Uint32Array {
  const state = new Uint32Array(LENGTH)
  let word = seed >>> 0
  state[0] = word
  for (let i = 1; i < LENGTH; i++) {
    word = (Math.imul(1812433253, word ^ (word >>> 30)) + i) >>> 0
    state[i] = word
  }
  return state
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < LENGTH; i++) {
    const mixed = ((state[i] as number) & UPPER_BIT) | ((state[(i + 1) % LENGTH] as number) & LOWER_BITS)
    const carried = mixed & 1 ? TWIST : 0
    state[i] = (state[(i + SHIFT) % LENGTH] as number) ^ (mixed >>> 1) ^ carried
  }
}

function temper(word: number): number {
  let y = word
  y ^= y >>> 11
  y ^= (y << 7) & 0x9d2c5680
  y ^= (y << 15) & 0xefc60000
  y ^= y >>> 18
  return y >>> 0
}
