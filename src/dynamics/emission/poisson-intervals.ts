import { exponentOf, powerOfTwo } from '../../numerics/double-exponent.js'
import { exp } from '../../numerics/exp.js'
import { openUnit } from '../../numerics/random-stream.js'

/** Mean number of spikes in an interval, at most. */
const MOST_EXPECTED = 32
/** Blocks of random words that an interval of a unit may use. */
export const BLOCKS_PER_INTERVAL = 64
/**
 * Maximum number of spikes that fit into these blocks; with 32 expected, a count this high never occurs in practice.
 */
const MOST_SPIKES = 200

/**
 * The length of an interval in ms, a power of two, at a rate in Hz > 0.
 *
 * A Poisson process is drawn interval by interval, so that any interval can be drawn without those before it: the number of
 * spikes by inversion of its distribution, then their times, which are independent and uniform. Interval f spans
 * [f L, (f + 1) L). The first two words of block 64 f of the unit's random stream say how many spikes there are; spike k is
 * at
 *
 *     f L + word_k L 2^-32        low bits of the word cut off until that is a double
 *
 * with the words of the following blocks, four at a time, by word and then by block: of blocks 64 f … 64 f + 3 the words 2,
 * the words 3, the words 0 and the words 1 (these two but for the first block); of every four blocks after them the words
 * 0, 1, 2 and 3.
 */
export function intervalLength(rate: number): number {
  return powerOfTwo(exponentOf((1000 * MOST_EXPECTED) / rate))
}

/**
 * The distribution of the number of spikes in an interval: entry k is the chance of k or fewer, summed up in this order.
 *
 *     p_0 = e^-mean      p_k = p_{k-1} mean / k
 */
export function countDistribution(mean: number): Float64Array {
  const sums: number[] = []
  let chance = exp(-mean)
  let sum = chance
  for (let k = 1; k < MOST_SPIKES && (k <= mean || chance > 2 ** -60); k++) {
    sums.push(sum)
    chance = (chance * mean) / k
    sum += chance
  }
  // Whatever is left goes to the last count.
  return Float64Array.of(...sums, 2)
}

/** The bits of a word that are kept in an interval, so that its times are doubles. */
export function wordMask(interval: number, length: number): number {
  const dropped = exponentOf((interval + 1) * length) - 20 - exponentOf(length)
  return dropped <= 0 ? 0xffffffff : (0xffffffff << Math.min(dropped, 31)) >>> 0
}

/** Draws an interval: its spike times in order, those outside of [start, stop) left out. */
export function drawInterval(
  words: (index: number) => Uint32Array,
  interval: number,
  { length, distribution, start, stop }: IntervalShape,
): Float64Array {
  const first = interval * BLOCKS_PER_INTERVAL
  const chance = openUnit(words(first))
  const count = distribution.findIndex((sum) => chance < sum)
  const mask = wordMask(interval, length)
  const times = new Float64Array(count)
  let kept = 0
  for (let k = 0; k < count; k++) {
    const { block, word } = k < FIRST_WORDS.length ? (FIRST_WORDS[k] as WordPlace) : laterWord(k - FIRST_WORDS.length)
    const value = ((words(first + block)[word] as number) & mask) >>> 0
    const time = interval * length + value * (length / 2 ** 32)
    if (time >= start && time < stop) times[kept++] = time
  }
  return times.subarray(0, kept).sort()
}

/** What all intervals of a unit have in common. */
export interface IntervalShape {
  readonly length: number
  /** See `countDistribution`. */
  readonly distribution: Float64Array
  readonly start: number
  readonly stop: number
}

interface WordPlace {
  readonly block: number
  readonly word: number
}

/** Where the first words are; two are taken by the count. */
const FIRST_WORDS: readonly WordPlace[] = [2, 3, 0, 1].flatMap((word) =>
  [0, 1, 2, 3].filter((block) => word > 1 || block > 0).map((block) => ({ block, word })),
)

function laterWord(k: number): WordPlace {
  const inFour = k % 16
  return { block: 4 + 4 * Math.floor(k / 16) + (inFour % 4), word: inFour >> 2 }
}
