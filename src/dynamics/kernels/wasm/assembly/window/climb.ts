import { height, look, setOff } from '../equations/course'
import { extremumAfter, heightAfter, maximumOfTwo } from '../equations/extremum'
import { nextUp } from '../numerics/next-up'
import { PEAK_INSIDE, PEAK_ON_ARRIVAL } from '../schema/constants'
import { tauSyn, tauSynInh } from '../schema/header'
import {
  binEnd,
  binStart,
  eventsAt,
  firedCounts,
  hasTwoCurrents,
  peaks,
  perTaus,
  runningMaxima,
  share,
  states,
  until,
} from '../schema/window-header'
import {
  COURSE_PER_MEM,
  EVENT,
  EVENT_X,
  UNSCALED_CURRENTS,
  UNSCALED_STATE,
  UNSCALED_VOLTAGE,
  WINDOW_PEAK,
  WINDOW_PEAK_KIND,
  WINDOW_PEAK_RISES,
  WINDOW_PEAK_SLOPE,
  WINDOW_PEAK_TIME,
} from '../schema/window-records'
import { isScaled } from './forms'
import { decays, sheared } from './growth'
import { noteArrivalOf, orderInstant } from './top-arrivals'
import { courseOf, decayMem, decaySyns, kappas, propagateWithin } from './unscaled/propagator'

// The neuron that climbs: the maximum of its voltage so far, and where it sits; where it is, and U, I and J there.
let neuron: i32 = 0
let best: f64 = 0
let peak: usize = 0
let last: f64 = 0
let u: f64 = 0
let i: f64 = 0
let j: f64 = 0
// In scaled form: its state at the start of the bin, and what has arrived since.
let base: v128 = f64x2.splat(0)
let added: v128 = f64x2.splat(0)
// As it is: its course, which has been taken up.
let course: usize = 0

/**
 * Looks for the maximum of the voltage of a neuron that has not fired in the bin it has just walked through, as
 * src/dynamics/models/peak-tape.ts does in an interval between two arrivals: there is one where U rises at first and falls at last,
 * and on an arrival where it does not rise any more; under two currents U may also rise after a fall, and before one. An interval may
 * reach over many bins: where it rose at the end of a bin and falls from the start of the next one, rounding has put the maximum
 * between the two.
 *
 * @param stop where the list of its events ends
 */
export function climb<F>(n: i32, stop: usize): void {
  if (!takeUpTop(n)) return
  begin<F>(n)
  for (let event = eventsAt(); event < stop; ) {
    const x = load<f64>(event, EVENT_X)
    let next = event + EVENT
    while (next < stop && load<f64>(next, EVENT_X) == x) next += EVENT
    pass<F>(x)
    if (next > event + EVENT) orderInstant(event, next)
    const decay = isScaled<F>() ? f64x2.extract_lane(decays(x), 0) : 1
    for (let at = event; at < next; at += EVENT) arrive<F>(at, event, decay)
    event = next
  }
  pass<F>(binEnd() - binStart())
  if (binEnd() == until()) considerTop(u, until(), PEAK_INSIDE, 0)
  store<i32>(peak, i32(current<F>() >= u), WINDOW_PEAK_RISES)
  store<f64>(runningMaxima() + 8 * <usize>neuron, best)
}

/** Takes up the maximum of a neuron; false if it has fired: then it is not needed. */
function takeUpTop(n: i32): bool {
  const top = runningMaxima() + 8 * <usize>n
  neuron = n
  peak = peaks() + WINDOW_PEAK * <usize>n
  best = load<f64>(top)
  if (load<i32>(firedCounts() + 4 * <usize>n) == 0) return true
  store<f64>(top, Infinity)
  return false
}

function begin<F>(n: i32): void {
  last = 0
  if (isScaled<F>()) {
    base = v128.load(states() + 16 * <usize>n)
    added = f64x2.splat(0)
    i = f64x2.extract_lane(base, 0)
    u = f64x2.extract_lane(base, 1) - share() * i
  } else {
    const state = states() + UNSCALED_STATE * <usize>n
    course = courseOf(n)
    i = load<f64>(state, UNSCALED_CURRENTS)
    j = load<f64>(state, UNSCALED_CURRENTS + 8)
    u = load<f64>(state, UNSCALED_VOLTAGE)
  }
  const hasRisen = load<i32>(peak, WINDOW_PEAK_RISES) != 0
  if (hasRisen && !(current<F>() > u)) considerTop(u, binStart(), PEAK_INSIDE, 0)
}

/** What U follows. */
function current<F>(): f64 {
  return isScaled<F>() ? i : i + j
}

/** To x, without arrivals. */
function pass<F>(x: f64): void {
  if (!(x > last)) return
  let iThen: f64
  let uThen: f64
  if (isScaled<F>()) {
    const now = f64x2.mul(sheared(f64x2.add(base, added), x), decays(x))
    iThen = f64x2.extract_lane(now, 0)
    uThen = f64x2.extract_lane(now, 1) - share() * iThen
    if (i > u && iThen < uThen) turn(x - last, i)
  } else {
    propagateWithin(course, x - last)
    iThen = i * f64x2.extract_lane(decaySyns, 0)
    const jThen = j * f64x2.extract_lane(decaySyns, 1)
    uThen = u * decayMem + (f64x2.extract_lane(kappas, 0) * i + f64x2.extract_lane(kappas, 1) * j)
    const rises = i + j > u
    const risesThen = iThen + jThen >= uThen
    if (hasTwoCurrents() && i != 0 && j != 0) turnOfTwo(x - last, rises, risesThen)
    else if (rises && !risesThen) turn(x - last, i + j)
    j = jThen
  }
  i = iThen
  u = uThen
  last = x
}

/** U has its maximum within the next d ms. */
function turn(d: f64, current: f64): void {
  let t = extremumAfter(u, current)
  if (!(t >= 0 && t < d)) t = d
  considerInside(heightAfter(u, current, t), t)
}

/** Where it rises at both ends, or at neither, it may have fallen, or risen, in between. */
function turnOfTwo(d: f64, rises: bool, risesThen: bool): void {
  if (tauSynInh() < tauSyn() ? risesThen : !rises) return
  let t = maximumOfTwo(u, i, j, d)
  // Rounding has put the maximum behind the end.
  if (!risesThen && (t == Infinity || (t < 0 && rises))) t = d
  if (!(t >= 0 && t <= d)) return
  setOff(u, i, j, 0, 0)
  look(t)
  considerInside(height, t)
}

/** One of the arrivals at an instant, of which `first` is the first. */
function arrive<F>(event: usize, first: usize, decay: f64): void {
  const before = current<F>() - u
  if (isScaled<F>()) {
    added = f64x2.add(added, v128.load(event))
    i = f64x2.extract_lane(f64x2.add(base, added), 0) * decay
  } else {
    i += load<f64>(event)
    j += load<f64>(event, 8)
  }
  if (!(before >= 0) || current<F>() > u) return
  const perMem = isScaled<F>() ? f64x2.extract_lane(perTaus(), 1) : load<f64>(course, COURSE_PER_MEM)
  if (considerTop(u, binStart() + last, PEAK_ON_ARRIVAL, before * perMem)) noteArrivalOf(neuron, event, first, peak)
}

/** A maximum between two arrivals, t ms after the last instant: what arrives there comes before it. */
function considerInside(level: f64, t: f64): void {
  const from = binStart() + last
  considerTop(level, max(from + t, nextUp(from)), PEAK_INSIDE, 0)
}

/** Notes a maximum if it is higher than any before: of equal ones the earliest counts. */
function considerTop(level: f64, time: f64, kind: i32, slope: f64): bool {
  if (!(level > best)) return false
  best = level
  store<f64>(peak, time, WINDOW_PEAK_TIME)
  store<f64>(peak, slope, WINDOW_PEAK_SLOPE)
  store<i32>(peak, kind, WINDOW_PEAK_KIND)
  return true
}
