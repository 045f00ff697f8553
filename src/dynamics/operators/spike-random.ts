import { createRandomStream, type RandomStream } from '../../numerics/random-stream.js'
import type { OperatorBatch, SpikeRandom } from './operator.js'

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
