import { height, look, setOff } from '../../equations/course'
import { extremumAfter, heightAfter } from '../../equations/extremum'
import { maximumOfTwo } from '../../equations/two-currents-maximum'
import { PEAK_INSIDE, PEAK_ON_ARRIVAL } from '../../schema/constants'
import { tauSyn, tauSynInh } from '../../schema/header'
import { binEnd, binStart, eventsAt, hasTwoCurrents, states, until } from '../../schema/window-header'
import {
  COURSE_PER_MEM,
  EVENT,
  EVENT_X,
  UNSCALED_CURRENTS,
  UNSCALED_STATE,
  UNSCALED_VOLTAGE,
} from '../../schema/window-records'
import { orderInstant } from '../instant-order'
import { considerInside, considerTop, hasRisen, noteTopArrival, putDownTop, takeUpTop } from '../top-notes'
import { courseOf } from './courses'
import { decayMem, decaySyns, kappas, propagateWithin } from './propagator'

// The neuron that climbs: its course, where it is, and its state there.
let course: usize = 0
let last: f64 = 0
let u: f64 = 0
let i: f64 = 0
let j: f64 = 0

/**
 * As `climb` of ../climb.ts, with the course of the neuron taken up. Between two arrivals U under two currents may also rise
 * after a fall, and before one.
 *
 * @param stop where the list of its events ends
 */
export function climbUnscaled(n: i32, stop: usize): void {
  if (!takeUpTop(n)) return
  begin(n)
  for (let event = eventsAt(); event < stop; ) {
    const x = load<f64>(event, EVENT_X)
    let next = event + EVENT
    while (next < stop && load<f64>(next, EVENT_X) == x) next += EVENT
    pass(x)
    if (next > event + EVENT) orderInstant(event, next)
    for (let at = event; at < next; at += EVENT) arrive(at, event)
    event = next
  }
  pass(binEnd() - binStart())
  if (binEnd() == until()) considerTop(u, until(), PEAK_INSIDE, 0)
  putDownTop(i + j >= u)
}

function begin(n: i32): void {
  const state = states() + UNSCALED_STATE * <usize>n
  course = courseOf(n)
  last = 0
  i = load<f64>(state, UNSCALED_CURRENTS)
  j = load<f64>(state, UNSCALED_CURRENTS + 8)
  u = load<f64>(state, UNSCALED_VOLTAGE)
  if (hasRisen() && !(i + j > u)) considerTop(u, binStart(), PEAK_INSIDE, 0)
}

/** To x, without arrivals. */
function pass(x: f64): void {
  if (!(x > last)) return
  propagateWithin(course, x - last)
  const iThen = i * f64x2.extract_lane(decaySyns, 0)
  const jThen = j * f64x2.extract_lane(decaySyns, 1)
  const uThen = u * decayMem + (f64x2.extract_lane(kappas, 0) * i + f64x2.extract_lane(kappas, 1) * j)
  turn(x - last, i + j > u, iThen + jThen >= uThen)
  i = iThen
  j = jThen
  u = uThen
  last = x
}

/** Looks for the maximum of U within the next d ms. */
function turn(d: f64, rises: bool, risesThen: bool): void {
  if (hasTwoCurrents() && i != 0 && j != 0) {
    turnOfTwo(d, rises, risesThen)
    return
  }
  if (!rises || risesThen) return
  let t = extremumAfter(u, i + j)
  if (!(t >= 0 && t < d)) t = d
  considerInside(heightAfter(u, i + j, t), binStart() + last, t)
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
  considerInside(height, binStart() + last, t)
}

/** One of the arrivals at an instant, of which `first` is the first. */
function arrive(event: usize, first: usize): void {
  const before = i + j - u
  i += load<f64>(event)
  j += load<f64>(event, 8)
  if (!(before >= 0) || i + j > u) return
  if (considerTop(u, binStart() + last, PEAK_ON_ARRIVAL, before * load<f64>(course, COURSE_PER_MEM)))
    noteTopArrival(event, first)
}
