import { signOfLife } from '../env'
import * as header from '../schema/header'
import {
  CURRENT,
  EVENT,
  EVENT_FIRST,
  EVENT_SECOND,
  INTERVAL,
  LANE_AND_PLACE,
  RANGE,
  RANGE_END,
  RANGE_START,
  RECORD,
  SPIKE_ADAPTATION,
  SPIKE_TIME,
  SPIKES,
  STATE,
  TAPE,
} from '../schema/records'
import { countBoth, countWritten } from '../traffic'
import { sortEvents } from './sort-events'

/** Of the word that holds lane and place: those of the place. */
const PLACE_BITS: u32 = 29

/** In place of the place: ends of refractory periods, which are no spikes. */
const NO_PLACE: u32 = (1 << PLACE_BITS) - 1

/** In place of the adaptation, of lanes without one: y of the spike, see shared/own-crossings.ts. */
export const FALL: usize = SPIKE_ADAPTATION

let next: usize = 0
let end: usize = 0
/** Ends of refractory periods among the records. */
let releases = 0

/** Starts the tape of a lane group, in the room it has been given. */
export function beginTape(laneGroup: i32): void {
  const room = header.tapes() + RANGE * <usize>laneGroup
  next = <usize>load<u32>(room, RANGE_START)
  end = <usize>load<u32>(room, RANGE_END)
  releases = 0
}

/** Notes where the records of a trial begin; called once more after the last trial. */
export function beginTrialTape(laneGroup: i32, trial: i32): void {
  store<u32>(startOf(laneGroup, trial), <u32>next)
}

/** A spike; false when the tape is full. */
export function append(lane: i32, time: f64, current: f64, adaptation: f64, interval: usize): bool {
  if (!note(lane, time, current, adaptation, interval)) return false
  // The record; the number of spikes; the adaptation, its time, and the end of a refractory period.
  countWritten(TAPE, RECORD)
  countBoth(SPIKES, 4)
  countBoth(STATE, 16)
  if (header.refractories() != 0) countWritten(STATE, 8)
  return true
}

/** A spike of a polynomial lane, whose time is made later; false when the tape is full. */
export function appendFall(lane: i32, y: f64, current: f64, interval: usize): bool {
  return note(lane, 0, current, y, interval)
}

/** Where the next record goes. */
export function nextRecord(): usize {
  return next
}

function note(lane: i32, time: f64, current: f64, adaptation: f64, interval: usize): bool {
  if (next + RECORD > end) return false
  store<f64>(next, time, SPIKE_TIME)
  store<f64>(next, current, CURRENT)
  store<f64>(next, adaptation, SPIKE_ADAPTATION)
  store<u32>(next, <u32>interval, INTERVAL)
  store<u32>(next, (<u32>lane) << PLACE_BITS, LANE_AND_PLACE)
  next += RECORD
  return true
}

/** The end of a refractory period; false when the tape is full. */
export function appendRelease(lane: i32, time: f64, current: f64, interval: usize): bool {
  if (!note(lane, time, current, 0, interval)) return false
  countWritten(TAPE, RECORD)
  countBoth(STATE, 8)
  setPlace(next - RECORD, NO_PLACE)
  releases++
  return true
}

/** First record of a trial. */
export function recordsOf(laneGroup: i32, trial: i32): usize {
  return <usize>load<u32>(startOf(laneGroup, trial))
}

export function recordsEnd(laneGroup: i32, trial: i32): usize {
  return <usize>load<u32>(startOf(laneGroup, trial + 1))
}

/** Spikes of a lane group in a trial. */
function spikesIn(laneGroup: i32, trial: i32): u32 {
  const end = recordsEnd(laneGroup, trial)
  let count: u32 = <u32>((end - recordsOf(laneGroup, trial)) / RECORD)
  if (header.refractories() == 0) return count
  for (let record = recordsOf(laneGroup, trial); record < end; record += RECORD) if (isRelease(record)) count--
  return count
}

/** Spikes in all trials of the lane group whose tape has been begun last. */
export function spikesOf(laneGroup: i32): i32 {
  return <i32>((recordsOf(laneGroup, header.trials()) - recordsOf(laneGroup, 0)) / RECORD) - releases
}

export function isRelease(record: usize): bool {
  return placeOf(record) == NO_PLACE
}

export function laneOf(record: usize): i32 {
  return <i32>(load<u32>(record, LANE_AND_PLACE) >> PLACE_BITS)
}

export function placeOf(record: usize): u32 {
  return load<u32>(record, LANE_AND_PLACE) & NO_PLACE
}

function setPlace(record: usize, place: u32): void {
  const lane = load<u32>(record, LANE_AND_PLACE) >> PLACE_BITS
  store<u32>(record, (lane << PLACE_BITS) | place, LANE_AND_PLACE)
}

function startOf(laneGroup: i32, trial: i32): usize {
  return header.tapeStarts() + 4 * (<usize>laneGroup * <usize>(header.trials() + 1) + <usize>trial)
}

/** Notes where the spikes of each trial begin among all. */
export function countSpikes(): void {
  let place: u32 = 0
  for (let trial = 0; trial < header.trials(); trial++) {
    store<u32>(header.spikeOffsets() + 4 * <usize>trial, place)
    for (let laneGroup = 0; laneGroup < header.laneGroups(); laneGroup++) place += spikesIn(laneGroup, trial)
  }
  store<u32>(header.spikeOffsets() + 4 * <usize>header.trials(), place)
}

/**
 * Writes the spikes of all lane groups in a trial in event order, by (time, unit, spike number), and notes each one's place on
 * the tape. `countSpikes` comes first.
 */
export function emit(trial: i32): void {
  let place = load<u32>(header.spikeOffsets() + 4 * <usize>trial)
  const end = collect(trial)
  const sorted = sortEvents(header.events(), end)
  const stop = sorted + (end - header.events())
  const times = header.spikeTimes()
  const units = header.spikeUnits()
  for (let spike = sorted; spike < stop; spike += EVENT, place++) {
    inline.always(signOfLife(spike))
    store<f64>(times + 8 * <usize>place, load<f64>(spike))
    store<u32>(units + 4 * <usize>place, load<u32>(spike, EVENT_FIRST))
    setPlace(<usize>load<u32>(spike, EVENT_SECOND), place)
  }
}

/** The spikes of a trial as events (time, unit, tape record): later records of a neuron have larger addresses. */
function collect(trial: i32): usize {
  let spike = header.events()
  const groups = header.laneGroups()
  for (let laneGroup = 0; laneGroup < groups; laneGroup++) {
    const end = recordsEnd(laneGroup, trial)
    const unit = header.firstUnit() + 8 * laneGroup
    for (let record = recordsOf(laneGroup, trial); record < end; record += RECORD) {
      if (isRelease(record)) continue
      inline.always(signOfLife(spike))
      store<f64>(spike, load<f64>(record, SPIKE_TIME))
      store<u32>(spike, unit + laneOf(record), EVENT_FIRST)
      store<u32>(spike, <u32>record, EVENT_SECOND)
      spike += EVENT
    }
  }
  return spike
}
