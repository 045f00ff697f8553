import { currentAfter } from '../crossing'
import { decayInh, kappaInh, leastShare, propagateInhibition } from '../inhibition'
import { takeUpTaus } from '../lane-taus'
import { lane, setLane } from '../lanes'
import { exp } from '../numerics/exp'
import { fail, outcome } from '../outcome'
import { decayMem, decaySyn, kappa, largestKappa, propagate } from '../propagator'
import { endRunaway } from '../runaway'
import { ADAPTATION, ADAPTED, HELD_UNTIL, I, J, SINCE, TEST, THRESHOLD, U } from '../schema/lanes'
import {
  adaptSteps,
  hasInhibition,
  horizon,
  peakKappa,
  refractories,
  resets,
  rows,
  shown,
  stopsAfterFirst,
  tauAdapt,
  tests,
  thresholds,
  weights,
} from '../schema/plan'
import { DONE, EVENT, TAPE_IS_FULL } from '../schema/records'
import { countOf, setCount } from '../spike-counts'
import { append, appendRelease } from '../tape'
import { firstCrossingOfTwo } from '../two-currents-crossing'
import { ARRIVES, listed, rowOfArrival } from './arrivals'

/**
 * The neuron at work: lane, its weights, time of its last event, U, I, J and A there, when A was last touched, and the end
 * of the refractory period it is in, or 0: until then its V is vReset, whatever has become of U. J, which weights below 0
 * drive where there are two currents, is 0 where there is one.
 */
let n: i32 = 0
let ownWeights: usize = 0
let at: usize = 0
let time: f64 = 0
let u: f64 = 0
let i: f64 = 0
let j: f64 = 0
let a: f64 = 0
let adapted: f64 = 0
let heldUntil: f64 = 0
let threshold: f64 = 0
let test: f64 = 0
let fired: i32 = 0

/** Takes a lane up. */
export function takeUp(octet: i32, which: i32): void {
  takeUpTaus(octet, which)
  n = which
  at = 64 * <usize>octet + 8 * <usize>which
  ownWeights = weights() + 64 * <usize>rows() * <usize>octet + 8 * <usize>which
  time = lane(SINCE, n)
  u = lane(U, n)
  i = lane(I, n)
  j = hasInhibition() ? lane(J, n) : 0
  a = lane(ADAPTATION, n)
  adapted = lane(ADAPTED, n)
  heldUntil = lane(HELD_UNTIL, n)
  threshold = lane(THRESHOLD, n)
  test = lane(TEST, n)
  fired = countOf(n)
}

/** Keeps where it has come to. */
export function putDown(): void {
  setLane(SINCE, n, time)
  setLane(U, n, u)
  setLane(I, n, i)
  if (hasInhibition()) setLane(J, n, j)
  setLane(ADAPTATION, n, a)
  setLane(ADAPTED, n, adapted)
  setLane(HELD_UNTIL, n, heldUntil)
  setLane(THRESHOLD, n, threshold)
  setLane(TEST, n, test)
  setCount(n, fired)
}

/** Runs the neuron through the arrivals that are listed, up to `stop`. */
export function receiveListed(stop: usize): void {
  const isSplit = hasInhibition()
  for (let arrival = listed; arrival < stop; arrival += EVENT) {
    const weight = load<f64>(ownWeights + rowOfArrival(arrival))
    // In a bin that is swept, weights of 0 leave no trace either.
    if (weight == 0) continue
    const next = load<f64>(arrival, ARRIVES)
    if (next > time) carry(next)
    if (outcome != DONE) return
    if (weight < 0 && isSplit) j += weight
    else i += weight
  }
}

/** Runs every own event by `last` if nothing more arrives in the window; the neuron stays where its last event was. */
export function runOwnEvents(last: f64): void {
  letGo(last)
  while (outcome == DONE && mayFire(horizon())) {
    const spike = nextSpike(last)
    if (!(spike <= last)) return
    fire(spike)
    letGo(last)
  }
}

/** When it fires next, or is let go, if nothing arrives at all; Infinity: never. */
export function nextOwnEvent(): f64 {
  let next = ownEvent()
  for (; next <= shown(); next = ownEvent()) {
    if (heldUntil > 0) letGo(next)
    else fire(next)
  }
  return next
}

function ownEvent(): f64 {
  if (heldUntil > 0) return heldUntil
  return max(u, 0) + peakKappa() * max(i, 0) < test ? Infinity : nextSpike(Infinity)
}

/** Notes how often it has fired, and nothing else: what it does until the window ends is gone through once more. */
export function show(): void {
  setCount(n, fired)
}

/** Carries the neuron on to `next`, through its own events up to then. */
export function carry(next: f64): void {
  letGo(next)
  while (outcome == DONE && mayFire(next)) {
    const spike = nextSpike(next)
    if (!(spike <= next)) {
      propagate(next - time)
      break
    }
    fire(spike)
    letGo(next)
  }
  if (outcome != DONE || !(next > time)) return
  u = u * decayMem + kappa * i
  i = i * decaySyn
  if (j != 0) carryInhibition(next - time)
  time = next
}

/** What the inhibitory current does over d ms, which the propagator was asked for last. */
function carryInhibition(d: f64): void {
  propagateInhibition(d)
  u += kappaInh * j
  j *= decayInh
}

/** Whether it may fire up to `next`; false: it does not. The propagator up to then is asked for. */
function mayFire(next: f64): bool {
  const d = next - time
  propagate(d)
  return max(u, 0) + largestKappa(d, next) * max(j == 0 ? i : inhibited(d, next), 0) >= test
}

/** What inhibition over d ms, up to `next`, at least leaves of I. */
function inhibited(d: f64, next: f64): f64 {
  propagateInhibition(d)
  return i + leastShare(next) * j
}

/** Its next spike if that is not after `last`; else anything later. */
function nextSpike(last: f64): f64 {
  const now = a == 0 ? 0 : a * exp(-(time - adapted) / tauAdapt())
  // A crossing up to half an ulp beyond `last` still rounds to it.
  return time + firstCrossingOfTwo(u, i, j, now, threshold, last - time + last * f64.EPSILON)
}

function fire(spike: f64): void {
  decayCurrents(spike - time)
  a = a == 0 ? 0 : a * exp(-(spike - adapted) / tauAdapt())
  if (spike > shown() && !append(n, spike, i + j, a, 0)) fail(TAPE_IS_FULL, n, spike, 0)
  else endRunaway(n, spike, ++fired)
  u = load<f64>(resets() + at)
  a += load<f64>(adaptSteps() + at)
  adapted = time = spike
  const refractory: f64 = refractories() == 0 ? 0 : load<f64>(refractories() + at)
  if (!(stopsAfterFirst() || refractory > 0)) return
  threshold = test = Infinity
  if (!stopsAfterFirst()) heldUntil = spike + refractory
}

function decayCurrents(d: f64): void {
  i = currentAfter(i, d)
  if (j == 0 || !(d > 0)) return
  propagateInhibition(d)
  j *= decayInh
}

/** Ends a refractory period, if there is one and it does not last longer. */
function letGo(last: f64): void {
  if (heldUntil == 0 || !(heldUntil <= last)) return
  decayCurrents(heldUntil - time)
  u = load<f64>(resets() + at)
  threshold = load<f64>(thresholds() + at)
  test = load<f64>(tests() + at)
  if (heldUntil > shown() && !appendRelease(n, heldUntil, i + j, 0)) fail(TAPE_IS_FULL, n, heldUntil, 0)
  time = heldUntil
  heldUntil = 0
}
