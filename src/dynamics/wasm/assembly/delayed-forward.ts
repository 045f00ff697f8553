import { currentAfter, firstCrossing, testOf } from './crossing'
import { ARRIVAL_ROW, ARRIVES, listArrivals, listed } from './delayed-arrivals'
import { climbDelayed } from './delayed-peaks'
import { exp } from './exp'
import { endOfInstants, firstInstant, nextDown } from './instants'
import { FIRED, lane, lanes, THRESHOLD, U } from './lanes'
import { DONE, fail, outcome, RUNAWAY, TAPE_IS_FULL } from './outcome'
import {
  adaptSteps,
  fires,
  octets,
  peakKappa,
  peaks,
  peakTime,
  resets,
  rows,
  runaway,
  size,
  spikeCounts,
  stopsAfterFirst,
  tauAdapt,
  until,
  weights,
} from './plan'
import { decayMem, decaySyn, kappa, propagate } from './propagator'
import { rest } from './rest'
import { EVENT } from './sort-events'
import { append } from './tape'

/** The neuron at work: lane, time of its last event, U, I and A there, and when A was last touched. */
let n: i32 = 0
let at: usize = 0
let time: f64 = 0
let u: f64 = 0
let i: f64 = 0
let a: f64 = 0
let adapted: f64 = 0
let threshold: f64 = 0
let test: f64 = 0
let fired: i32 = 0

/** Runs a trial of an octet whose neurons each have an order of arrivals of their own; see `forward`. */
export function runDelayed(octet: i32, trial: i32): void {
  const held = min(8, size() - 8 * octet)
  const first = firstInstant(trial)
  const end = endOfInstants(trial)
  rest(octet)
  for (let lane = 0; lane < held; lane++) {
    if (fires()) {
      runNeuron(octet, lane, first, end)
      if (outcome != DONE) return
    }
    if (peaks() != 0) climbDelayed(octet, trial, lane, first, end)
  }
  if (fires()) memory.copy(spikeCounts() + 32 * (<usize>trial * <usize>octets() + <usize>octet), lanes + FIRED, 32)
}

function runNeuron(octet: i32, which: i32, first: usize, end: usize): void {
  const octetWeights = weights() + 64 * <usize>rows() * <usize>octet + 8 * <usize>which
  n = which
  at = 64 * <usize>octet + 8 * <usize>which
  time = i = a = adapted = 0
  u = lane(U, n)
  threshold = lane(THRESHOLD, n)
  test = testOf(threshold)
  fired = 0
  const stop = listArrivals(octet, n, first, end)
  for (let arrival = listed; arrival < stop; arrival += EVENT) {
    const next = load<f64>(arrival, ARRIVES)
    const d = next - time
    if (d > 0) carry(next, next)
    if (outcome != DONE) return
    i += load<f64>(octetWeights + <usize>load<u32>(arrival, ARRIVAL_ROW))
  }
  carry(until(), nextDown(until()))
  store<i32>(lanes + FIRED + 4 * <usize>n, fired)
}

/** Carries the neuron on to `next`, through the spikes up to `last`. */
function carry(next: f64, last: f64): void {
  let d = next - time
  propagate(d)
  while (max(u, 0) + (d < peakTime() ? kappa : peakKappa()) * max(i, 0) >= test) {
    const now = a == 0 ? 0 : a * exp(-(time - adapted) / tauAdapt())
    // A crossing up to half an ulp beyond `last` still rounds to it.
    const spike = time + firstCrossing(u, i, now, threshold, last - time + last * f64.EPSILON)
    if (spike <= last) {
      fire(spike)
      if (outcome != DONE) return
    }
    d = next - time
    propagate(d)
    if (!(spike <= last)) break
  }
  if (!(d > 0)) return
  u = u * decayMem + kappa * i
  i = i * decaySyn
  time = next
}

function fire(spike: f64): void {
  i = currentAfter(i, spike - time)
  a = a == 0 ? 0 : a * exp(-(spike - adapted) / tauAdapt())
  if (!append(n, spike, i, a, 0)) fail(TAPE_IS_FULL, n, spike, 0)
  else if (++fired > runaway()) fail(RUNAWAY, n, spike, 0)
  u = load<f64>(resets() + at)
  a += load<f64>(adaptSteps() + at)
  adapted = time = spike
  if (stopsAfterFirst()) threshold = test = Infinity
}
