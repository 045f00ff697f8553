import { lanes } from '../lanes/lanes'
import { peakOf } from '../peaks/peaks'
import { PEAK_INSIDE, PEAK_ON_ARRIVAL } from '../schema/constants'
import { peakGradients, size } from '../schema/header'
import { INJECTIONS } from '../schema/lanes'
import { PEAK_ARRIVAL, PEAK_INSTANT, PEAK_KIND, STATE, TAPE } from '../schema/records'
import { countRead } from '../traffic'

/**
 * Where the loss acts on the voltage maxima of the lane group at work in one trial: at most one place per lane, the last one
 * first. An entry is the lane; what else there is to know stands in the peak record.
 */
export let count: i32 = 0
export let next: i32 = 0

/** Resumes the list of a trial of which `taken` entries were met in later windows. */
export function resumeInjections(listed: i32, taken: i32): void {
  count = listed
  next = taken
}

/** Lists the lanes whose maximum the loss looks at; a maximum of 0 at the start moves with nothing. */
export function listInjections(laneGroup: i32, trial: i32): void {
  count = 0
  next = 0
  if (peakGradients() == 0) return
  for (let n = 0; n < 8 && 8 * laneGroup + n < size(); n++) {
    const kind = load<i32>(peakOf(laneGroup, trial, n), PEAK_KIND)
    countRead(TAPE, 4)
    countRead(STATE, 8)
    if (injectedInto(laneGroup, trial, n) == 0 || (kind != PEAK_INSIDE && kind != PEAK_ON_ARRIVAL)) continue
    let place = count++
    for (; place > 0 && later(laneGroup, trial, n, laneAt(place - 1)); place--) setLaneAt(place, laneAt(place - 1))
    setLaneAt(place, n)
  }
}

/** dL/d(max V) of a lane. */
export function injectedInto(laneGroup: i32, trial: i32, n: i32): f64 {
  return load<f64>(peakGradients() + 8 * (<usize>trial * <usize>size() + 8 * <usize>laneGroup + <usize>n))
}

/**
 * The interval, by the instant at which it begins, in which the next injection is met on the way back, or, of a peak on an
 * arrival, before which; 0: there is none at this instant or a later one, up to another.
 */
export function nextInjection(laneGroup: i32, trial: i32, from: usize, to: usize): usize {
  if (next == count) return 0
  const instant = <usize>load<u32>(peakOf(laneGroup, trial, laneAt(next)), PEAK_INSTANT)
  return from <= instant && instant <= to ? instant : 0
}

/** Whether the next injection sits on an arrival of an instant. */
export function isInjectionAt(laneGroup: i32, trial: i32, instant: usize): bool {
  if (next == count) return false
  const peak = peakOf(laneGroup, trial, laneAt(next))
  return load<i32>(peak, PEAK_KIND) == PEAK_ON_ARRIVAL && <usize>load<u32>(peak, PEAK_INSTANT) == instant
}

/** Takes the next injection inside an interval: its lane, or -1. */
export function takeInside(laneGroup: i32, trial: i32, instant: usize): i32 {
  if (next == count) return -1
  const peak = peakOf(laneGroup, trial, laneAt(next))
  if (load<i32>(peak, PEAK_KIND) != PEAK_INSIDE || <usize>load<u32>(peak, PEAK_INSTANT) != instant) return -1
  return laneAt(next++)
}

/** Takes the next injection on an arrival: its lane, or -1. */
export function takeOnArrival(laneGroup: i32, trial: i32, arrival: usize): i32 {
  if (next == count) return -1
  const peak = peakOf(laneGroup, trial, laneAt(next))
  if (load<i32>(peak, PEAK_KIND) != PEAK_ON_ARRIVAL || <usize>load<u32>(peak, PEAK_ARRIVAL) != arrival) return -1
  return laneAt(next++)
}

function later(laneGroup: i32, trial: i32, a: i32, b: i32): bool {
  const p = peakOf(laneGroup, trial, a)
  const q = peakOf(laneGroup, trial, b)
  if (load<u32>(p, PEAK_INSTANT) != load<u32>(q, PEAK_INSTANT))
    return load<u32>(p, PEAK_INSTANT) > load<u32>(q, PEAK_INSTANT)
  const kind = load<i32>(p, PEAK_KIND)
  // Inside an interval comes before the arrivals at its start are undone.
  if (kind != load<i32>(q, PEAK_KIND)) return kind == PEAK_INSIDE
  return kind == PEAK_ON_ARRIVAL && load<u32>(p, PEAK_ARRIVAL) > load<u32>(q, PEAK_ARRIVAL)
}

function laneAt(place: i32): i32 {
  return load<i32>(lanes + INJECTIONS + 4 * <usize>place)
}

function setLaneAt(place: i32, n: i32): void {
  store<i32>(lanes + INJECTIONS + 4 * <usize>place, n)
}
