import { currentAfter } from '../crossing'
import { decayInh, kappaInh, propagateInhibition } from '../inhibition'
import { isHeld } from '../lane-states'
import { takeUpTaus } from '../lane-taus'
import { lane, setLane } from '../lanes'
import { exp } from '../numerics/exp'
import { fail, outcome } from '../outcome'
import { decayMem, decaySyn, kappa, propagate } from '../propagator'
import { endRunaway } from '../runaway'
import { ADAPTATION, ADAPTED, HELD_UNTIL, I, J, SINCE, U } from '../schema/lanes'
import {
  adaptSteps,
  hasInhibition,
  refractories,
  resets,
  stopsAfterFirst,
  tauAdapt,
  tests,
  thresholds,
} from '../schema/plan'
import { DONE, INSTANT, LAST, START, TAPE_IS_FULL } from '../schema/records'
import { countOf, setCount } from '../spike-counts'
import { append, appendRelease } from '../tape'
import { firstCrossingOfTwo } from '../two-currents-crossing'

/** When the lane that was settled last was at its own last event, its U, I and J there, and what U is tested against from then on. */
export let time: f64 = 0
export let ownU: f64 = 0
export let ownI: f64 = 0
export let ownJ: f64 = 0
export let ownTest: f64 = 0

/** Takes a lane up: where it is after the arrival at the start of an interval, or after an event of its own in it. */
export function takeUp(n: i32, instant: usize, isOpen: bool, u: f64, i: f64, j: f64): void {
  time = isOpen ? lane(SINCE, n) : load<f64>(instant, START)
  ownU = isOpen ? lane(U, n) : u
  ownI = isOpen ? lane(I, n) : i
  ownJ = isOpen && hasInhibition() ? lane(J, n) : j
}

/**
 * Runs every spike and end of a refractory period of the lane that was taken up before the end of an interval; false if
 * there is none.
 */
export function settle(octet: i32, n: i32, instant: usize): bool {
  takeUpTaus(octet, n)
  const last = load<f64>(instant, LAST)
  const at: usize = 64 * <usize>octet + 8 * <usize>n
  const fired = countOf(n)
  let a: f64 = 0
  let adapted: f64 = 0
  ownTest = Infinity
  if (fired > 0) {
    if (stopsAfterFirst()) return false
    a = lane(ADAPTATION, n)
    adapted = lane(ADAPTED, n)
  }
  const hasBeenHeld = isHeld(n)
  let heldUntil = hasBeenHeld ? lane(HELD_UNTIL, n) : 0
  let count = fired
  for (;;) {
    if (heldUntil > 0) {
      if (!(heldUntil <= last)) break
      decayCurrents(heldUntil - time)
      if (!appendRelease(n, heldUntil, ownI + ownJ, instant - INSTANT)) return endFull(n, heldUntil)
      ownU = load<f64>(resets() + at)
      time = heldUntil
      heldUntil = 0
    }
    const now = a == 0 ? 0 : a * exp(-(time - adapted) / tauAdapt())
    // A crossing up to half an ulp beyond `last` still rounds to it.
    const horizon = last - time + last * f64.EPSILON
    const spike = time + firstCrossingOfTwo(ownU, ownI, ownJ, now, load<f64>(thresholds() + at), horizon)
    if (!(spike <= last)) break
    decayCurrents(spike - time)
    a = a == 0 ? 0 : a * exp(-(spike - adapted) / tauAdapt())
    if (!append(n, spike, ownI + ownJ, a, instant - INSTANT)) return endFull(n, spike)
    endRunaway(n, spike, ++count)
    if (outcome != DONE) return true
    ownU = load<f64>(resets() + at)
    a += load<f64>(adaptSteps() + at)
    adapted = time = spike
    if (stopsAfterFirst()) break
    const refractory: f64 = refractories() == 0 ? 0 : load<f64>(refractories() + at)
    if (refractory > 0) heldUntil = spike + refractory
  }
  if (!(heldUntil > 0 || (stopsAfterFirst() && count > 0))) ownTest = load<f64>(tests() + at)
  if (refractories() != 0 && (hasBeenHeld || heldUntil > 0)) {
    setLane(HELD_UNTIL, n, heldUntil)
  }
  if (count == fired) return hasBeenHeld && heldUntil == 0
  setCount(n, count)
  setLane(ADAPTATION, n, a)
  setLane(ADAPTED, n, adapted)
  return true
}

/** Carries the lane that was taken up over d ms without events. */
export function carry(d: f64): void {
  if (!(d > 0)) return
  propagate(d)
  ownU = ownU * decayMem + kappa * ownI
  ownI = ownI * decaySyn
  if (!hasInhibition()) return
  propagateInhibition(d)
  ownU += kappaInh * ownJ
  ownJ *= decayInh
}

function decayCurrents(d: f64): void {
  ownI = currentAfter(ownI, d)
  if (!hasInhibition() || !(d > 0)) return
  propagateInhibition(d)
  ownJ *= decayInh
}

/** Breaks the pass off. */
function endFull(n: i32, time: f64): bool {
  fail(TAPE_IS_FULL, n, time, 0)
  return true
}
