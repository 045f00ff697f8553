import { firstCrossing } from '../equations/crossing'
import { perTauMem } from '../schema/header'
import {
  binEnd,
  binStart,
  eventsAt,
  heldCount,
  heldNeurons,
  heldUntil,
  isSheared,
  keepsTape,
  limits,
  resetsOf,
  setHeldCount,
  share,
  states,
  thresholdsOf,
} from '../schema/window-header'
import { EVENT, EVENT_X } from '../schema/window-records'
import { listEvents } from './events'
import { decays, growths } from './growth'
import { MARGIN } from './margins'
import { adaptationOf, emit, heldAfterSpike, keepHeld, raiseThreshold } from './own-spikes'
import { shear } from './shear'

// The neuron that walks: state at the start of the bin, the sums added to it so far, its last own event, and U and I then.
// The sum of the voltage begins anew at each own event.
let neuron: i32 = 0
let base: v128 = f64x2.splat(0)
let added: v128 = f64x2.splat(0)
/** Whether it had an own event. */
let isMoved: bool = false
let last: f64 = 0
let u: f64 = 0
let i: f64 = 0
let limit: f64 = 0
/** Time in ms at which its refractory period ends, Infinity if it never does; -1 while it is free. */
let held: f64 = -1

/**
 * Takes a neuron through the bin, from one own event to the next.
 *
 * What it has between two of them are constants: V = U - c I in the scaled state. Arrivals are added in the order of time,
 * those at the same instant count together. A neuron without an own event has walked in vain: it keeps the sum of the
 * bin, whose order is another one, so that whether it walked cannot show. Returns where the list of its events ends.
 */
export function walk(n: i32, sum: usize): usize {
  begin(n)
  const stop = listEvents(n)
  let event = eventsAt()
  while (event < stop) {
    const x = load<f64>(event, EVENT_X)
    settle(x, binStart() + x, true)
    for (; event < stop && load<f64>(event, EVENT_X) == x; event += EVENT) added = f64x2.add(added, v128.load(event))
    reach(x)
  }
  settle(binEnd() - binStart(), binEnd(), false)
  finish(sum)
  return stop
}

function begin(n: i32): void {
  neuron = n
  base = v128.load(states() + 16 * <usize>n)
  added = f64x2.splat(0)
  isMoved = false
  held = -1
  limit = load<f64>(limits() + 8 * <usize>n)
  if (limit == Infinity) held = load<f64>(heldUntil() + 8 * <usize>n)
  reach(0)
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

/** Ends of the refractory period and spikes until x; a spike at x itself counts only before an arrival. */
function settle(x: f64, time: f64, inclusive: bool): void {
  for (;;) {
    if (held >= 0) {
      if (!(inclusive ? held <= time : held < time)) return
      release()
    } else {
      // A crossing up to half an ulp beyond `time` still rounds to it; so may what it is counted from.
      const d = crossing(x - last + 2 * time * f64.EPSILON)
      if (d == Infinity) return
      const spike = binStart() + last + d
      if (!(inclusive ? spike <= time : spike < time)) return
      fire(spike)
    }
  }
}

/** Time from the last own event to the crossing; Infinity if there is none, and maybe if it comes later than after d. */
function crossing(d: f64): f64 {
  // U rises by less than d (I - U) / tauMem, in what part of it is positive.
  const rise = d * perTauMem() * (max(i, 0) + max(-u, 0))
  if (u + rise + MARGIN * (abs(u) + rise) < limit - MARGIN * abs(limit)) return Infinity
  return firstCrossing(u, i, adaptationOf(neuron, binStart() + last), limit, d)
}

function fire(time: f64): void {
  const adaptation = raiseThreshold(neuron, time)
  held = heldAfterSpike(neuron, time)
  leaveAt(time - binStart())
  emit(neuron, time, i, adaptation, 0)
}

/** V leaves vReset, or is held there, at x. */
function leaveAt(x: f64): void {
  isMoved = true
  last = x
  const now = f64x2.mul(sumUp(), decays(x))
  i = f64x2.extract_lane(now, 0)
  u = load<f64>(resetsOf() + 8 * <usize>neuron)
  let scaled = (u + share() * i) * f64x2.extract_lane(growths(x), 1)
  if (isSheared()) scaled -= f64x2.extract_lane(sumUp(), 0) * shear(x)
  base = f64x2.replace_lane(base, 1, scaled)
  added = f64x2.replace_lane(added, 1, 0)
}

function release(): void {
  const time = held
  held = -1
  limit = load<f64>(thresholdsOf() + 8 * <usize>neuron)
  leaveAt(time - binStart())
  if (keepsTape()) emit(neuron, time, i, 0, 1)
}

/** Leaves the neuron at the end of the bin; what it has summed up is still to be added to its state. */
function finish(sum: usize): void {
  if (!isMoved) return
  const n = <usize>neuron
  v128.store(states() + 16 * n, base)
  v128.store(sum, added)
  keepHeld(neuron, held, limit)
}

/** Drops from the list of held neurons those that no longer are. */
export function dropReleased(): void {
  let kept = 0
  for (let k = 0; k < heldCount(); k++) {
    const n = load<u32>(heldNeurons() + 4 * <usize>k)
    if (!(load<f64>(heldUntil() + 8 * <usize>n) >= 0)) continue
    store<u32>(heldNeurons() + 4 * <usize>kept, n)
    kept++
  }
  setHeldCount(kept)
}
