import { nameHash } from './name-hash.js'
import { normalQuantile } from './normal-quantile.js'
import { philox } from './philox.js'
import { SeedError } from './seed-error.js'

const TWO_TO_32 = 4294967296
const TWO_TO_26 = 67108864
const TWO_TO_MINUS_52 = 2.220446049250313e-16
const TWO_TO_MINUS_53 = 1.1102230246251565e-16

/** Random numbers without state: each is a pure function of (seed, name, index). An index is an integer 0 … 2^53 - 1. */
export interface RandomStream {
  /** Uniform in [0, 1): the multiples of 2^-53. */
  uniform(index: number): number
  /** Uniform in (0, 1): the odd multiples of 2^-53. */
  uniformOpen(index: number): number
  /** Standard normal, the quantile of uniformOpen(index). */
  normal(index: number): number
  /** Uniform among 0 … bound - 1, to a bias of bound 2^-53; bound in 1 … 2^53. */
  integer(index: number, bound: number): number
}

/**
 * Creates the random stream of a seed and a name; other seeds and other names give independent streams.
 *
 *     words = Philox4x32-10(counter: (index, hash of the name), key: seed)
 *
 * Seed: an integer 0 … 2^53 - 1, otherwise a SeedError. An index or bound out of range is a RangeError.
 */
export function createRandomStream(seed: number, name: string): RandomStream {
  if (!isCount(seed)) throw new SeedError(seed)
  const key = keyOf(seed)
  const { low, high } = nameHash(name)
  const words = new Uint32Array(4)

  const uniform = (index: number) => {
    generate(words, index, low, high, key)
    return (((words[0] as number) >>> 5) * TWO_TO_26 + ((words[1] as number) >>> 6)) * TWO_TO_MINUS_53
  }
  const uniformOpen = (index: number) => {
    generate(words, index, low, high, key)
    return openUnit(words)
  }

  return Object.freeze({
    uniform,
    uniformOpen,
    normal: (index: number) => normalQuantile(uniformOpen(index)),
    integer: (index: number, bound: number) => {
      if (!isCount(bound - 1)) throw new RangeError(`bound ${bound}, expected an integer from 1 to 2^53`)
      return Math.floor(uniform(index) * bound)
    },
  })
}

/** Many random streams of one seed, which take little memory: stream n has the numbers of `createRandomStream(seed, nameOf(n))`. */
export interface RandomStreams {
  /** Uniform in (0, 1): the odd multiples of 2^-53. */
  uniformOpen(stream: number, index: number): number
  /** The four random words of an index; overwritten by the next call. */
  words(stream: number, index: number): Uint32Array
}

/** Creates the streams 0 … count - 1; raises what `createRandomStream` raises. */
export function createRandomStreams(seed: number, count: number, nameOf: (stream: number) => string): RandomStreams {
  if (!isCount(seed)) throw new SeedError(seed)
  const key = keyOf(seed)
  const words = new Uint32Array(4)
  const hashes = new Uint32Array(2 * count)
  for (let stream = 0; stream < count; stream++) {
    const { low, high } = nameHash(nameOf(stream))
    hashes[2 * stream] = low
    hashes[2 * stream + 1] = high
  }
  const draw = (stream: number, index: number) => {
    generate(words, index, hashes[2 * stream] as number, hashes[2 * stream + 1] as number, key)
    return words
  }
  return Object.freeze({ uniformOpen: (stream: number, index: number) => openUnit(draw(stream, index)), words: draw })
}

interface Key {
  readonly low: number
  readonly high: number
}

function keyOf(seed: number): Key {
  return { low: seed >>> 0, high: (seed / TWO_TO_32) >>> 0 }
}

/** Puts the random words of an index into `words`; low and high are the hash of the stream's name. */
function generate(words: Uint32Array, index: number, low: number, high: number, key: Key): void {
  if (!isCount(index)) throw new RangeError(`index ${index}, expected an integer from 0 to 2^53 - 1`)
  words[0] = index >>> 0
  words[1] = (index / TWO_TO_32) >>> 0
  words[2] = low
  words[3] = high
  philox(words, key.low, key.high)
}

/** Uniform in (0, 1), of the first two words: the odd multiples of 2^-53. */
export function openUnit(words: Uint32Array): number {
  return (((words[0] as number) >>> 6) * TWO_TO_26 + ((words[1] as number) >>> 6) + 0.5) * TWO_TO_MINUS_52
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
