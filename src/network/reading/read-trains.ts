import { InputError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { instanceOf, type Reader, readObject } from './read-value.js'
import { wrongType } from './wrong-value.js'

/** Spike trains, as far as their arrays are there. */
export const readTrains: Reader<SpikeTrains> = (value, field) => {
  const { offsets, times, units } = readObject(value, field)
  instanceOf(Uint32Array)(offsets, `${field}.offsets`)
  instanceOf(Float64Array)(times, `${field}.times`)
  instanceOf(Uint32Array)(units, `${field}.units`)
  return value as SpikeTrains
}

/** When a spike arrives, in ms. Raises `InputError` FIELD_TYPE, INPUT_TIME_NEGATIVE and NUMBER_NOT_FINITE. */
export const readSpikeTime: Reader<number> = (value, field) => {
  if (typeof value !== 'number') throw wrongType(value, field, 'a time in ms')
  if (value >= 0 && value < Infinity) return value + 0
  throw wrongTime(field, value)
}

/** `InputError` INPUT_TIME_NEGATIVE or NUMBER_NOT_FINITE. */
export function wrongTime(field: string, time: number): InputError {
  const code = Number.isFinite(time) ? 'INPUT_TIME_NEGATIVE' : 'NUMBER_NOT_FINITE'
  return new InputError({ code, field, found: String(time), expected: 'a time in ms, >= 0' })
}
