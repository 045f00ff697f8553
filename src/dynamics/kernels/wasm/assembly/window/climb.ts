import { extremumAfter, heightAfter } from '../equations/extremum'
import { PEAK_INSIDE, PEAK_ON_ARRIVAL } from '../schema/constants'
import { binEnd, binStart, eventsAt, perTaus, share, states, until } from '../schema/window-header'
import { EVENT, EVENT_X } from '../schema/window-records'
import { decays } from './growth'
import { orderInstant } from './instant-order'
import { sheared } from './shear'
import { considerInside, considerTop, hasRisen, noteTopArrival, putDownTop, takeUpTop } from './top-notes'

// The neuron that climbs: state at the start of the bin, and what has arrived since; where it is, and U and I there.
let base: v128 = f64x2.splat(0)
let added: v128 = f64x2.splat(0)
let last: f64 = 0
let u: f64 = 0
let i: f64 = 0

/**
 * Looks for the maximum of the voltage of a neuron that has not fired in the bin it has just walked through, as
 * src/dynamics/models/peak-tape.ts does in an interval between two arrivals: there is one where U rises at first and falls at last,
 * and on an arrival where it does not rise any more. An interval may reach over many bins: where it rose at the end of a
 * bin and falls from the start of the next one, rounding has put the maximum between the two.
 *
 * @param stop where the list of its events ends
 */
export function climb(n: i32, stop: usize): void {
  if (!takeUpTop(n)) return
  begin(n)
  for (let event = eventsAt(); event < stop; ) {
    const x = load<f64>(event, EVENT_X)
    let next = event + EVENT
    while (next < stop && load<f64>(next, EVENT_X) == x) next += EVENT
    pass(x)
    if (next > event + EVENT) orderInstant(event, next)
    const decay = f64x2.extract_lane(decays(x), 0)
    for (let at = event; at < next; at += EVENT) arrive(at, event, decay)
    event = next
  }
  pass(binEnd() - binStart())
  if (binEnd() == until()) considerTop(u, until(), PEAK_INSIDE, 0)
  putDownTop(i >= u)
}

function begin(n: i32): void {
  base = v128.load(states() + 16 * <usize>n)
  added = f64x2.splat(0)
  last = 0
  i = f64x2.extract_lane(base, 0)
  u = f64x2.extract_lane(base, 1) - share() * i
  if (hasRisen() && !(i > u)) considerTop(u, binStart(), PEAK_INSIDE, 0)
}

/** To x, without arrivals. */
function pass(x: f64): void {
  if (!(x > last)) return
  const now = f64x2.mul(sheared(f64x2.add(base, added), x), decays(x))
  const iThen = f64x2.extract_lane(now, 0)
  const uThen = f64x2.extract_lane(now, 1) - share() * iThen
  if (i > u && iThen < uThen) turn(x - last)
  i = iThen
  u = uThen
  last = x
}

/** U has its maximum within the next d ms. */
function turn(d: f64): void {
  let t = extremumAfter(u, i)
  if (!(t >= 0 && t < d)) t = d
  considerInside(heightAfter(u, i, t), binStart() + last, t)
}

/** One of the arrivals at an instant, of which `first` is the first. */
function arrive(event: usize, first: usize, decay: f64): void {
  const before = i - u
  added = f64x2.add(added, v128.load(event))
  i = f64x2.extract_lane(f64x2.add(base, added), 0) * decay
  if (!(before >= 0) || i > u) return
  const slope = before * f64x2.extract_lane(perTaus(), 1)
  if (considerTop(u, binStart() + last, PEAK_ON_ARRIVAL, slope)) noteTopArrival(event, first)
}
