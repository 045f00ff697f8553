import { tapeStarts, tapes, trials } from './schema/plan'
import {
  CURRENT,
  INTERVAL,
  LANE_AND_PLACE,
  RANGE,
  RANGE_END,
  RANGE_START,
  RECORD,
  SPIKE_ADAPTATION,
  SPIKE_TIME,
  TAPE,
} from './schema/records'
import { countWritten } from './traffic'

/** Of the word that holds lane and place: those of the place. */
const PLACE_BITS: u32 = 29

let next: usize = 0
let end: usize = 0

/** Starts the tape of an octet, in the room it has been given. */
export function beginTape(octet: i32): void {
  const room = tapes() + RANGE * <usize>octet
  next = <usize>load<u32>(room, RANGE_START)
  end = <usize>load<u32>(room, RANGE_END)
}

/** Notes where the records of a trial begin; called once more after the last trial. */
export function beginTrialTape(octet: i32, trial: i32): void {
  store<u32>(startOf(octet, trial), <u32>next)
}

/** False when the tape is full. */
export function append(lane: i32, time: f64, current: f64, adaptation: f64, interval: usize): bool {
  if (next + RECORD > end) return false
  store<f64>(next, time, SPIKE_TIME)
  store<f64>(next, current, CURRENT)
  store<f64>(next, adaptation, SPIKE_ADAPTATION)
  store<u32>(next, <u32>interval, INTERVAL)
  store<u32>(next, (<u32>lane) << PLACE_BITS, LANE_AND_PLACE)
  next += RECORD
  countWritten(TAPE, RECORD)
  return true
}

/** First record of a trial. */
export function recordsOf(octet: i32, trial: i32): usize {
  return <usize>load<u32>(startOf(octet, trial))
}

export function recordsEnd(octet: i32, trial: i32): usize {
  return <usize>load<u32>(startOf(octet, trial + 1))
}

/** Records of all trials of an octet. */
export function spikesOf(octet: i32): i32 {
  return <i32>((recordsOf(octet, trials()) - recordsOf(octet, 0)) / RECORD)
}

export function laneOf(record: usize): i32 {
  return <i32>(load<u32>(record, LANE_AND_PLACE) >> PLACE_BITS)
}

export function placeOf(record: usize): u32 {
  return load<u32>(record, LANE_AND_PLACE) & ((1 << PLACE_BITS) - 1)
}

export function setPlace(record: usize, place: u32): void {
  const lane = load<u32>(record, LANE_AND_PLACE) >> PLACE_BITS
  store<u32>(record, (lane << PLACE_BITS) | place, LANE_AND_PLACE)
}

function startOf(octet: i32, trial: i32): usize {
  return tapeStarts() + 4 * (<usize>octet * <usize>(trials() + 1) + <usize>trial)
}
