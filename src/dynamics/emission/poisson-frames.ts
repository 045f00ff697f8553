import { exponentOf } from '../../numerics/double-exponent.js'
import { exp } from '../../numerics/exp.js'

/** Mean number of spikes in a frame, at most. */
const MOST_EXPECTED = 32
/** Blocks of random words that a frame of a unit may use. */
export const BLOCKS_PER_FRAME = 64
/** More spikes than this do not fit into them; with 32 expected nobody will see so many. */
const MOST_SPIKES = 200

/**
 * A Poisson process is drawn frame by frame, so that any frame can be drawn without the ones before: the number of spikes
 * by inversion of its distribution, then their times, which are independent and uniform.
 *
 * Frame f spans [f L, (f + 1) L) for L = `frameLength` ms, a power of two. Block 64 f of the unit's random stream says how
 * many spikes there are; spike k is at
 *
 *     f L + word_k L 2^-32        low bits of the word cut off until that is a double
 *
 * where the words are those of the blocks from 64 f on: block 0 to 3, words 2, then 3, then (blocks 1 to 3) 0, then 1;
 * from then on of every four blocks words 0, then 1, 2, 3.
 */
export function frameLength(largestRate: number): number {
  return 2 ** exponentOf((1000 * MOST_EXPECTED) / largestRate)
}

/**
 * The distribution of the number of spikes in a frame: entry k is the chance of k or fewer, summed up in this order.
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

/** The bits of a word that are kept in a frame, so that its times are doubles. */
export function wordMask(frame: number, length: number): number {
  const dropped = exponentOf((frame + 1) * length) - 20 - exponentOf(length)
  return dropped <= 0 ? 0xffffffff : (0xffffffff << Math.min(dropped, 31)) >>> 0
}
