import type { PlainOptions } from '../../network/modules/plain-options.js'
import { createRandomStream, type RandomStream } from '../../numerics/random-stream.js'

/**
 * What happens to the spikes of a projection on their way: each is kept or dropped, and leaves `extra` ms later.
 *
 * It is **pure per spike**: what it says of one is a function of its options, the seed, the trial, the unit, the number and the
 * time of that spike alone, never of other spikes, of earlier calls or of how spikes are cut into batches. It keeps
 * nothing from call to call, and asks neither `Math.random` nor a clock; `Math.sin` and its like differ between engines,
 * those of `antidrome/numerics` do not.
 */
export interface SpikeOperator {
  /** No kept spike is delayed by less, in ms; others may go on for so long without asking. Default 0. */
  readonly least?: number
  apply(batch: OperatorBatch): OperatorAnswer
}

/** Some spikes of one trial, in the order of their times; the arrays are the operator's own. */
export interface OperatorBatch {
  /** Counts on from mini-batch to mini-batch where a data set is measured. */
  readonly trial: number
  /** Numbers of the units in their whole group. */
  readonly units: Uint32Array
  /** Number of each spike among those of its unit in the trial, from 0. */
  readonly numbers: Uint32Array
  /** When each arrives at the operator, in ms. */
  readonly times: Float64Array
  readonly random: SpikeRandom
}

/** Random numbers that belong to a spike: pure functions of (seed, projection, draw, trial, unit, number, index). */
export interface SpikeRandom {
  /** Uniform in (0, 1). @param k place of the spike in the batch; index 0, 1, … for several of its own, default 0 */
  uniform(k: number, index?: number): number
  /** Standard normal. */
  normal(k: number, index?: number): number
}

/** One entry per spike of the batch each. */
export interface OperatorAnswer {
  /** 0 for spikes that are dropped; default: all are kept. */
  readonly keep?: Uint8Array
  /** By how much later each leaves, in ms, at least `least`; default: 0. Those of dropped spikes do not count. */
  readonly extra?: Float64Array
  /** d(extra)/dt of each: what a gradient is multiplied by is 1 + slope. Default: 0. */
  readonly slope?: Float64Array
}

/** What an operator may know beside its options. */
export interface OperatorContext {
  /** Key of the projection. */
  readonly projection: string
  /** Units of the whole source group. */
  readonly sourceSize: number
  /**
   * Random numbers without state, a stream per name, such as for what is broken for good: functions of (seed, projection,
   * name, index).
   */
  random(name: string): RandomStream
}

/**
 * What the module of an operator exports as `createOperator`, called once per slice of a group that the spikes come to.
 *
 * @example
 * // lossy.js: loses a share of the packets, and delays the others.
 * export function createOperator({ loss, mean }) {
 *   return {
 *     least: 0.1,
 *     apply: ({ times, random }) => ({
 *       keep: Uint8Array.from(times, (_, k) => (random.uniform(k) < loss ? 0 : 1)),
 *       extra: Float64Array.from(times, (_, k) => 0.1 + mean * random.uniform(k, 1)),
 *     }),
 *   }
 * }
 */
export type CreateOperator = (options: PlainOptions, context: OperatorContext) => SpikeOperator

/** Where the random numbers of an operator come from. */
export interface RandomOrigin {
  readonly seed: number
  /** Of the streams; two operators never share one. */
  readonly name: string
  /** Units of the whole source group. */
  readonly sourceSize: number
}

/** The random numbers that belong to the spikes of a batch. */
export function spikeRandom(
  { seed, name, sourceSize }: RandomOrigin,
  draw: number,
  { trial, units, numbers }: Pick<OperatorBatch, 'trial' | 'units' | 'numbers'>,
): SpikeRandom {
  const streams: RandomStream[] = []
  const streamOf = (index: number): RandomStream => {
    const known = streams[index] ?? createRandomStream(seed, `${name}/${draw}/${trial}/${index}`)
    streams[index] = known
    return known
  }
  const placeOf = (k: number) => {
    if (!(k in numbers)) throw new RangeError(`there is no spike ${k} in a batch of ${numbers.length}`)
    return (numbers[k] as number) * sourceSize + (units[k] as number)
  }
  return {
    uniform: (k, index = 0) => streamOf(index).uniformOpen(placeOf(k)),
    normal: (k, index = 0) => streamOf(index).normal(placeOf(k)),
  }
}
