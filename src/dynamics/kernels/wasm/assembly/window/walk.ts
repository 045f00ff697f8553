import { firstCrossing } from '../equations/crossing'
import { firstCrossingOfTwo } from '../equations/two-currents-crossing'
import { perTauMem } from '../schema/header'
import {
  bin,
  binEnd,
  binStart,
  eventsAt,
  hasTwoCurrents,
  heldUntil,
  isSheared,
  keepsTape,
  limits,
  resetsOf,
  runningMaxima,
  share,
  states,
  thresholdsOf,
} from '../schema/window-header'
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
} from '../schema/window-records'
import { MARGIN } from './candidates'
import { climb } from './climb'
import { listEvents } from './events'
import { isScaled } from './forms'
import { decays, growths, shear } from './growth'
import { adaptationOf, emit, heldAfterSpike, keepHeld, raiseThreshold } from './own-spikes'
import {
  courseOf,
  decayMem,
  decaySyns,
  kappas,
  propagateWithin,
  putDownCourse,
  takeUpCourse,
} from './unscaled/propagator'

// The neuron that walks, and U at its last event.
let neuron: i32 = 0
let last: f64 = 0
let u: f64 = 0
/** Whether it had an own event. */
let isMoved: bool = false
let limit: f64 = 0
/** Time in ms at which its refractory period ends, Infinity if it never does; -1 while it is free. */
let held: f64 = -1
// In scaled form: I at its last event; the state at the start of the bin, and the sums added to it so far. The sum of the voltage
// restarts at each own event.
let i: f64 = 0
let base: v128 = f64x2.splat(0)
let added: v128 = f64x2.splat(0)
// As it is: its course, and both currents at its last event.
let course: usize = 0
let currents: v128 = f64x2.splat(0)

/**
 * Takes a neuron through the bin, from one own event to the next, or unscaled from one event to the next; then looks for its
 * maximum, where that is wanted.
 *
 * What a scaled neuron has between two own events are constants: V = U - c I in the scaled state. Arrivals are added in the
 * order of time, those at the same instant count together. A neuron without an own event has walked in vain: it is left to what
 * all neurons do, so that whether it walked cannot show.
 *
 * @param into where it is left what it has come to: the sum of its bin; or unscaled, a note of its state at the end of the bin
 * @returns behind that note, if there is one
 */
export function walk<F>(n: i32, into: usize): usize {
  begin<F>(n)
  const stop = listEvents(n)
  let event = eventsAt()
  while (event < stop) {
    const x = load<f64>(event, EVENT_X)
    settle<F>(x, binStart() + x, true)
    if (!isScaled<F>()) carry(x)
    for (; event < stop && load<f64>(event, EVENT_X) == x; event += EVENT) {
      if (isScaled<F>()) added = f64x2.add(added, v128.load(event))
      else currents = f64x2.add(currents, v128.load(event))
    }
    if (isScaled<F>()) reach(x)
  }
  settle<F>(binEnd() - binStart(), binEnd(), false)
  if (runningMaxima() != 0) climb<F>(n, stop)
  if (!isScaled<F>()) putDownCourse()
  return isMoved ? finish<F>(into) : into
}

function begin<F>(n: i32): void {
  neuron = n
  isMoved = false
  limit = load<f64>(limits() + 8 * <usize>n)
  held = limit == Infinity ? load<f64>(heldUntil() + 8 * <usize>n) : -1
  if (isScaled<F>()) {
    base = v128.load(states() + 16 * <usize>n)
    added = f64x2.splat(0)
    reach(0)
    return
  }
  const state = states() + UNSCALED_STATE * <usize>n
  course = courseOf(n)
  takeUpCourse(n)
  currents = v128.load(state, UNSCALED_CURRENTS)
  u = load<f64>(state, UNSCALED_VOLTAGE)
  last = 0
}

/** U and I at x; from here on the course is another one. */
function reach(x: f64): void {
  last = x
  const decay = decays(x)
  const now = f64x2.mul(inline.always(sumUp()), decay)
  i = f64x2.extract_lane(now, 0)
  u = f64x2.extract_lane(now, 1) - share() * i
  if (isSheared()) u += f64x2.extract_lane(sumUp(), 0) * shear(x) * f64x2.extract_lane(decay, 1)
}

function sumUp(): v128 {
  return f64x2.add(base, added)
}

/** The unscaled state at x. */
function carry(x: f64): void {
  if (x == last) return
  propagateWithin(course, x - last)
  const driven = f64x2.mul(kappas, currents)
  u = u * decayMem + (f64x2.extract_lane(driven, 0) + f64x2.extract_lane(driven, 1))
  currents = f64x2.mul(currents, decaySyns)
  last = x
}

/** What U follows. */
function current<F>(): f64 {
  return isScaled<F>() ? i : f64x2.extract_lane(currents, 0) + f64x2.extract_lane(currents, 1)
}

/** Ends of the refractory period and spikes until x; a spike at x itself counts only before an arrival. */
function settle<F>(x: f64, time: f64, inclusive: bool): void {
  for (;;) {
    if (held >= 0) {
      if (!(inclusive ? held <= time : held < time)) return
      release<F>()
    } else {
      // A crossing up to half an ulp beyond `time` still rounds to it; so may what it is counted from.
      const d = crossing<F>(x - last + 2 * time * f64.EPSILON)
      if (d == Infinity) return
      const spike = binStart() + last + d
      if (!(inclusive ? spike <= time : spike < time)) return
      fire<F>(spike)
    }
  }
}

/** Time from the last event to the crossing; Infinity if there is none, and maybe if it comes later than after d. */
function crossing<F>(d: f64): f64 {
  const exciting = isScaled<F>() ? i : f64x2.extract_lane(currents, 0)
  // U rises by less than d (I - U) / tauMem, in what part of it is positive.
  const rise = d * perTauMem() * (max(exciting, 0) + max(-u, 0))
  if (u + rise + MARGIN * (abs(u) + rise) < limit - MARGIN * abs(limit)) return Infinity
  const a = adaptationOf(neuron, binStart() + last)
  if (isScaled<F>() || !hasTwoCurrents()) return firstCrossing(u, current<F>(), a, limit, d)
  return firstCrossingOfTwo(u, exciting, f64x2.extract_lane(currents, 1), a, limit, d)
}

function fire<F>(time: f64): void {
  const adaptation = raiseThreshold(neuron, time)
  held = heldAfterSpike(neuron, time)
  leaveAt<F>(time - binStart())
  emit(neuron, time, current<F>(), adaptation, 0)
}

/** V leaves vReset, or is held there, at x. */
function leaveAt<F>(x: f64): void {
  isMoved = true
  if (!isScaled<F>()) {
    carry(x)
    u = load<f64>(resetsOf() + 8 * <usize>neuron)
    return
  }
  last = x
  const now = f64x2.mul(sumUp(), decays(x))
  i = f64x2.extract_lane(now, 0)
  u = load<f64>(resetsOf() + 8 * <usize>neuron)
  let scaled = (u + share() * i) * f64x2.extract_lane(growths(x), 1)
  if (isSheared()) scaled -= f64x2.extract_lane(sumUp(), 0) * shear(x)
  base = f64x2.replace_lane(base, 1, scaled)
  added = f64x2.replace_lane(added, 1, 0)
}

function release<F>(): void {
  const time = held
  held = -1
  limit = load<f64>(thresholdsOf() + 8 * <usize>neuron)
  leaveAt<F>(time - binStart())
  if (keepsTape()) emit(neuron, time, current<F>(), 0, 1)
}

/** Leaves a neuron that has moved at the end of the bin; what a scaled one has summed up is still to be added to its state. */
function finish<F>(into: usize): usize {
  if (!isScaled<F>()) carry(bin())
  keepHeld(neuron, held, limit)
  if (isScaled<F>()) {
    v128.store(states() + 16 * <usize>neuron, base)
    v128.store(into, added)
    return into
  }
  v128.store(into, currents, MOVED_CURRENTS)
  store<f64>(into, u, MOVED_VOLTAGE)
  store<u32>(into, <u32>neuron, MOVED_NEURON)
  return into + MOVED
}
