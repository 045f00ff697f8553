import type { SpikeTrains } from '../../events/spike-trains.js'
import { instanceOf, type Reader, readObject } from './read-value.js'

/** Spike trains, as far as their arrays are there. */
export const readTrains: Reader<SpikeTrains> = (value, field) => {
  const { offsets, times, units } = readObject(value, field)
  instanceOf(Uint32Array)(offsets, `${field}.offsets`)
  instanceOf(Float64Array)(times, `${field}.times`)
  instanceOf(Uint32Array)(units, `${field}.units`)
  return value as SpikeTrains
}
