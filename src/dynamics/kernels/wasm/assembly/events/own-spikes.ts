import { currentAfter } from '../equations/crossing'
import {
  adaptationAfter,
  decayInh,
  decayMem,
  decaySyn,
  kappa,
  kappaInh,
  propagateInhibition,
} from '../equations/propagator'
import { firstCrossingOfTwo } from '../equations/two-currents-crossing'
import { endRunaway, fail } from '../lanes/outcome'
import * as header from '../schema/header'
import { TAPE_IS_FULL } from '../schema/records'
import { append, appendRelease } from './tape'

/**
 * The neuron at work, whatever feed its arrivals come from: its U, I and J at its last event, own or arrival, and what it
 * does by itself from there: crossings, resets, ends of refractory periods. J, which weights below 0 drive where there are
 * two currents, is 0 where there is one.
 */
export let time: f64 = 0
export let u: f64 = 0
export let i: f64 = 0
export let j: f64 = 0
/** What its spikes have added to the threshold, and when that was touched last. */
export let a: f64 = 0
export let adapted: f64 = 0
/** The end of the refractory period that it is in, or 0: until then its V is vReset, whatever has become of U. */
export let heldUntil: f64 = 0
/** What U meets, and what it is tested against; Infinity while it cannot fire. */
let threshold: f64 = 0
export let test: f64 = 0
/** Its spikes in the trial. */
export let fired: i32 = 0

/** Its lane, its place in rows of parameters, and the interval that its records are noted with. */
let n: i32 = 0
let at: usize = 0
let interval: usize = 0

/** Puts a neuron to work: where it was at its last event. */
export function standAt(since: f64, voltage: f64, current: f64, inhibition: f64): void {
  time = since
  u = voltage
  i = current
  j = inhibition
}

/** The lane that it is, with its spikes so far and what they have left. */
export function takeUpSpikes(
  laneGroup: i32,
  lane: i32,
  count: i32,
  adaptation: f64,
  since: f64,
  until: f64,
  noted: usize,
): void {
  n = lane
  at = 64 * <usize>laneGroup + 8 * <usize>lane
  fired = count
  a = adaptation
  adapted = since
  heldUntil = until
  interval = noted
  if (until > 0 || (count > 0 && header.stopsAfterFirst())) {
    threshold = test = Infinity
    return
  }
  threshold = load<f64>(header.thresholds() + at)
  test = load<f64>(header.tests() + at)
}

/** Its next spike if that is not after `last`; else anything later. */
export function nextSpike(last: f64): f64 {
  const now = inline.always(adaptationAfter(a, time - adapted))
  // A crossing up to half an ulp beyond `last` still rounds to it.
  return time + firstCrossingOfTwo(u, i, j, now, threshold, last - time + last * f64.EPSILON)
}

/** It fires: tape, reset, adaptation, and the refractory period that begins. */
export function fire(spike: f64): void {
  decayCurrents(spike - time)
  a = inline.always(adaptationAfter(a, spike - adapted))
  if (spike > header.shown() && !append(n, spike, i + j, a, interval)) fail(TAPE_IS_FULL, n, spike, 0)
  else endRunaway(n, spike, ++fired)
  u = load<f64>(header.resets() + at)
  a += load<f64>(header.adaptSteps() + at)
  adapted = time = spike
  const refractory: f64 = header.refractories() == 0 ? 0 : load<f64>(header.refractories() + at)
  if (!(header.stopsAfterFirst() || refractory > 0)) return
  threshold = test = Infinity
  if (!header.stopsAfterFirst()) heldUntil = spike + refractory
}

/** Ends a refractory period, if there is one and it does not last longer. */
export function letGo(last: f64): void {
  if (heldUntil == 0 || !(heldUntil <= last)) return
  decayCurrents(heldUntil - time)
  u = load<f64>(header.resets() + at)
  threshold = load<f64>(header.thresholds() + at)
  test = load<f64>(header.tests() + at)
  if (heldUntil > header.shown() && !appendRelease(n, heldUntil, i + j, interval)) fail(TAPE_IS_FULL, n, heldUntil, 0)
  time = heldUntil
  heldUntil = 0
}

/** Carries it to `next`, d ms on, over which nothing happens; the propagator was asked for d last. */
export function passTo(next: f64, d: f64): void {
  u = u * decayMem + kappa * i
  i = i * decaySyn
  if (j != 0) {
    propagateInhibition(d)
    u += kappaInh * j
    j *= decayInh
  }
  time = next
}

/** An arrival. */
export function receive(weight: f64, isInhibitory: bool): void {
  if (isInhibitory) j += weight
  else i += weight
}

function decayCurrents(d: f64): void {
  i = currentAfter(i, d)
  if (j == 0 || !(d > 0)) return
  propagateInhibition(d)
  j *= decayInh
}
