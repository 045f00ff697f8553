import { InputError } from '../../../events/errors.js'
import { instanceOf } from '../../../network/reading/read-value.js'
import { wrongShape } from '../../../network/reading/wrong-value.js'
import { shapeSize } from '../../shape-size.js'
import type { EventRecordings } from '../event-recordings.js'
import { wrongEventTime, wrongEventUnit } from '../file-errors.js'

/** What all recordings show when they are gone through once. */
export interface Survey {
  /** Time of the first event of each, in ms; Infinity without any. */
  readonly firsts: Float64Array
  /** Of the last event of all; 0 without any. */
  readonly last: number
  /** The longest time between the first and the last event of a recording. */
  readonly longest: number
  readonly events: number
  /** The times of the last event of each recording, added up, in ms. */
  readonly duration: number
}

/**
 * Goes through all recordings, and holds them to what they promise.
 *
 * Raises `InputError` FIELD_TYPE, SHAPE_MISMATCH, NUMBER_NOT_FINITE, INPUT_TIME_NEGATIVE, UNIT_OUT_OF_RANGE,
 * INPUT_TIMES_UNSORTED, and what reading them raises.
 */
export function surveyed(recordings: EventRecordings): Survey {
  const size = shapeSize(recordings.shape)
  let [last, longest, events, duration] = [0, 0, 0, 0]
  const firsts = Float64Array.from({ length: recordings.count }, (_, k) => {
    const { times, units } = recordings.trial(k)
    const field = `recordings.trial(${k})`
    instanceOf(Float64Array)(times, `${field}.times`)
    instanceOf(Uint32Array)(units, `${field}.units`)
    if (units.length !== times.length)
      throw wrongShape(`${field}.units`, `${units.length} units`, `${times.length}, one per time`)
    requireEvents(times, units, size, field)
    const [first = Number.POSITIVE_INFINITY] = times
    const end = times.at(-1) ?? 0
    last = Math.max(last, end)
    longest = Math.max(longest, end - first)
    events += times.length
    duration += end
    return first
  })
  return { firsts, last, longest, events, duration }
}

function requireEvents(times: Float64Array, units: Uint32Array, size: number, field: string): void {
  let [timeBefore, unitBefore] = [0, 0]
  for (let e = 0; e < times.length; e++) {
    const [time, unit] = [times[e] as number, units[e] as number]
    if (!(time >= 0 && time < Infinity)) throw wrongEventTime({ field: `${field}.times[${e}]` }, time)
    if (unit >= size) throw wrongEventUnit({ field: `${field}.units[${e}]`, found: String(unit) }, size)
    if (time < timeBefore || (time === timeBefore && unit < unitBefore))
      throw new InputError({
        ...{ code: 'INPUT_TIMES_UNSORTED', field: `${field}.times[${e}]` },
        found: `unit ${unit} at ${time} after unit ${unitBefore} at ${timeBefore}`,
        expected: 'events in the order of (time, unit)',
      })
    timeBefore = time
    unitBefore = unit
  }
}
