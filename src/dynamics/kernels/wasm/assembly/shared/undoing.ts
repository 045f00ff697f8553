import { nextInjection, takeInside } from '../events/injections'
import { endOfInstants, firstInstant } from '../events/instants'
import { inject, laneGroup, undoRelease, undoSpike } from '../events/own-events'
import { isRelease, laneOf, recordsEnd, recordsOf } from '../events/tape'
import { peakOf } from '../peaks/peak-notes'
import { INSTANT, INTERVAL, PEAK_TIME, RECORD } from '../schema/records'

/** Own spikes of the lane group at work in its trial that are not undone lie between these tape records. */
let record: usize = 0
let oldest: usize = 0
/** The instants at which the first interval of the window begins, and the last one. */
export let rest: usize = 0
export let last: usize = 0

export function beginUndoing(trial: i32): void {
  rest = firstInstant(trial) - INSTANT
  last = endOfInstants(trial) - 2 * INSTANT
  oldest = recordsOf(laneGroup, trial)
  record = recordsEnd(laneGroup, trial)
}

/** The interval, by the instant that begins it, with the latest own event of the window that is not undone; 0: there is none. */
export function nextEvent(trial: i32): usize {
  const injection = nextInjection(laneGroup, trial, rest, last)
  const spike: usize = record == oldest ? 0 : <usize>load<u32>(record - RECORD, INTERVAL)
  return max(injection, spike)
}

function isSpikeIn(begin: usize): bool {
  return record > oldest && <usize>load<u32>(record - RECORD, INTERVAL) == begin
}

/** The lane of the latest own event in an interval that is not undone, or -1: spikes lane by lane, then injections. */
export function nextLane(trial: i32, begin: usize): i32 {
  return isSpikeIn(begin) ? laneOf(record - RECORD) : takeInside(laneGroup, trial, begin)
}

/** Undoes what is inside an interval of the lane at work: its spikes and ends of refractory periods, or else an injection. */
export function undoInside(trial: i32, begin: usize, n: i32): void {
  if (!isSpikeIn(begin)) inject(trial, n, load<f64>(peakOf(laneGroup, trial, n), PEAK_TIME))
  while (isSpikeIn(begin) && laneOf(record - RECORD) == n) {
    record -= RECORD
    if (isRelease(record)) undoRelease(n, record)
    else if (!undoSpike(trial, n, record)) return
  }
}
