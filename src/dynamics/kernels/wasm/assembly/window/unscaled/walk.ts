import { firstCrossing } from '../../equations/crossing'
import { firstCrossingOfTwo } from '../../equations/two-currents-crossing'
import { perTauMem } from '../../schema/header'
import {
  bin,
  binEnd,
  binStart,
  eventsAt,
  hasTwoCurrents,
  heldUntil,
  keepsTape,
  limits,
  resetsOf,
  states,
  thresholdsOf,
  tops,
} from '../../schema/window-header'
import {
  EVENT,
  EVENT_X,
  MOVED,
  MOVED_CURRENTS,
  MOVED_NEURON,
  MOVED_VOLTAGE,
  UNSCALED_CURRENTS,
  UNSCALED_STATE,
  UNSCALED_VOLTAGE,
} from '../../schema/window-records'
import { listEvents } from '../events'
import { MARGIN } from '../margins'
import { adaptationOf, emit, heldAfterSpike, keepHeld, raiseThreshold } from '../own-spikes'
import { climbUnscaled } from './climb'
import { courseOf, putDownCourse, takeUpCourse } from './courses'
import { decayMem, decaySyns, kappas, propagateWithin } from './propagator'

// The neuron that walks: its course, its state at its last event, arrivals among them, and when that was within the bin.
let neuron: i32 = 0
let course: usize = 0
let currents: v128 = f64x2.splat(0)
let u: f64 = 0
let last: f64 = 0
/** Whether it had an own event. */
let isMoved: bool = false
let limit: f64 = 0
/** Time in ms at which its refractory period ends, Infinity if it never does; -1 while it is free. */
let held: f64 = -1

/**
 * Takes a neuron through the bin event by event. One without an own event has walked in vain: it is left to what all other
 * neurons do, so that whether it walked cannot show; the state of another one at the end of the bin is noted at `moved`.
 * Returns where the next one is noted.
 */
export function walkUnscaled(n: i32, moved: usize): usize {
  begin(n)
  const stop = listEvents(n)
  for (let event = eventsAt(); event < stop; ) {
    const x = load<f64>(event, EVENT_X)
    settle(x, binStart() + x, true)
    reach(x)
    for (; event < stop && load<f64>(event, EVENT_X) == x; event += EVENT)
      currents = f64x2.add(currents, v128.load(event))
  }
  settle(binEnd() - binStart(), binEnd(), false)
  if (tops() != 0) climbUnscaled(n, stop)
  putDownCourse()
  if (!isMoved) return moved
  reach(bin())
  keepHeld(neuron, held, limit)
  v128.store(moved, currents, MOVED_CURRENTS)
  store<f64>(moved, u, MOVED_VOLTAGE)
  store<u32>(moved, <u32>neuron, MOVED_NEURON)
  return moved + MOVED
}

function begin(n: i32): void {
  const state = states() + UNSCALED_STATE * <usize>n
  neuron = n
  course = courseOf(n)
  takeUpCourse(n)
  currents = v128.load(state, UNSCALED_CURRENTS)
  u = load<f64>(state, UNSCALED_VOLTAGE)
  last = 0
  isMoved = false
  limit = load<f64>(limits() + 8 * <usize>n)
  held = limit == Infinity ? load<f64>(heldUntil() + 8 * <usize>n) : -1
}

/** The state at x. */
function reach(x: f64): void {
  if (x == last) return
  propagateWithin(course, x - last)
  const driven = f64x2.mul(kappas, currents)
  u = u * decayMem + (f64x2.extract_lane(driven, 0) + f64x2.extract_lane(driven, 1))
  currents = f64x2.mul(currents, decaySyns)
  last = x
}

/** Ends of the refractory period and spikes until x; a spike at x itself counts only before an arrival. */
function settle(x: f64, time: f64, inclusive: bool): void {
  for (;;) {
    if (held >= 0) {
      if (!(inclusive ? held <= time : held < time)) return
      const end = held
      held = -1
      limit = load<f64>(thresholdsOf() + 8 * <usize>neuron)
      leaveAt(end - binStart())
      if (keepsTape()) emit(neuron, end, current(), 0, 1)
    } else {
      // A crossing up to half an ulp beyond `time` still rounds to it; so may what it is counted from.
      const d = crossing(x - last + 2 * time * f64.EPSILON)
      if (d == Infinity) return
      const spike = binStart() + last + d
      if (!(inclusive ? spike <= time : spike < time)) return
      const adaptation = raiseThreshold(neuron, spike)
      held = heldAfterSpike(neuron, spike)
      leaveAt(spike - binStart())
      emit(neuron, spike, current(), adaptation, 0)
    }
  }
}

/** I + J. */
function current(): f64 {
  return f64x2.extract_lane(currents, 0) + f64x2.extract_lane(currents, 1)
}

/** V leaves vReset, or is held there, at x. */
function leaveAt(x: f64): void {
  isMoved = true
  reach(x)
  u = load<f64>(resetsOf() + 8 * <usize>neuron)
}

/** Time from the last event to the crossing; Infinity if there is none, and maybe if it comes later than after d. */
function crossing(d: f64): f64 {
  const i = f64x2.extract_lane(currents, 0)
  const j = f64x2.extract_lane(currents, 1)
  // U rises by less than d (I - U) / tauMem, in what part of it is positive.
  const rise = d * perTauMem() * (i + max(-u, 0))
  if (u + rise + MARGIN * (abs(u) + rise) < limit - MARGIN * abs(limit)) return Infinity
  const a = adaptationOf(neuron, binStart() + last)
  return hasTwoCurrents() ? firstCrossingOfTwo(u, i, j, a, limit, d) : firstCrossing(u, i + j, a, limit, d)
}
