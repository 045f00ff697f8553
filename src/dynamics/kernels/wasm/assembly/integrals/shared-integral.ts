import { effect, effectByMem, effectBySyn, respond, respondToTaus, shift } from '../equations/integral-response'
import { isInhibitory } from '../equations/propagator'
import { endOfInstants, firstInstant } from '../events/instants'
import { gradient, laneGroup, laneWeights } from '../events/own-events'
import { storeEvents } from '../gradients/returned-events'
import { tauRows } from '../gradients/taus'
import { takeUpTaus } from '../lanes/lane-taus'
import { fillLanes, lane, lanes, setLane } from '../lanes/lanes'
import { driven, isPerNeuron, isTwo } from '../lanes/membrane'
import * as header from '../schema/header'
import { EVENTS, NEXT_I, NEXT_U, P_U, SCORE } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  GRADIENT_BY_TAU_MEM,
  GRADIENT_BY_TAU_SYN,
  GRADIENT_BY_TAU_SYN_INH,
  INSTANT,
  RESPONSE,
  RESPONSE_EFFECT,
  RESPONSE_SHIFT,
  SLOT,
  TIME,
} from '../schema/records'

/**
 * Integrals over voltages where all neurons meet the same arrivals: what an instant's arrivals do is worked out once per trial, of
 * neurons with constants of their own once per lane.
 */

/** G and G' of each lane, of neurons with constants of their own. */
const EFFECT: usize = NEXT_U
const SHIFT: usize = NEXT_I

/** Works out what the arrivals of a trial do to an integral; with constants of their own that is `respondAt`. */
export function prepareResponses(trial: i32): void {
  const end = endOfInstants(trial) - INSTANT
  for (let instant = firstInstant(trial); instant < end; instant += INSTANT) {
    respond(load<f64>(instant, TIME), header.perTauSyn(), header.rate())
    noteResponse(responseOf(instant))
    if (!header.hasInhibition()) continue
    respond(load<f64>(instant, TIME), header.perTauSynInh(), header.rateInh())
    noteResponse(inhibitoryResponseOf(instant))
  }
}

function noteResponse(at: usize): void {
  store<f64>(at, effect, RESPONSE_EFFECT)
  store<f64>(at, shift, RESPONSE_SHIFT)
}

function responseOf(instant: usize): usize {
  return header.responses() + RESPONSE * ((instant - header.instants()) / INSTANT)
}

/** The response to weights below 0, where there are two currents. */
function inhibitoryResponseOf(instant: usize): usize {
  return header.inhibitoryResponses() + RESPONSE * ((instant - header.instants()) / INSTANT)
}

/** What an arrival at an instant does to each lane. */
function respondAt(which: i32, held: i32, instant: usize): void {
  for (let n = 0; n < held; n++) {
    takeUpTaus(which, n)
    respond(load<f64>(instant, TIME), header.perTauSyn(), header.rate())
    setLane(EFFECT, n, effect)
    setLane(SHIFT, n, shift)
  }
}

/** Adds w G(t) of every arrival to SCORE. */
export function addShared<M>(which: i32, trial: i32, laneWeights: usize, held: i32): void {
  const zero = f64x2.splat(0)
  if (isPerNeuron<M>()) fillLanes(EFFECT, 0)
  const end = endOfInstants(trial) - INSTANT
  for (let instant = firstInstant(trial); instant < end; instant += INSTANT) {
    if (isPerNeuron<M>()) respondAt(which, held, instant)
    const share = isPerNeuron<M>() ? zero : v128.load_splat<f64>(responseOf(instant), RESPONSE_EFFECT)
    const shareJ = isTwo<M>() ? v128.load_splat<f64>(inhibitoryResponseOf(instant), RESPONSE_EFFECT) : zero
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const row = laneWeights + <usize>load<u32>(arrival)
      for (let at: usize = 0; at < 64; at += 16) {
        const into = lanes + SCORE + at
        const w = v128.load(row + at)
        const by = isPerNeuron<M>() ? v128.load(lanes + EFFECT + at) : isTwo<M>() ? driven(w, share, shareJ) : share
        v128.store(into, f64x2.add(v128.load(into), f64x2.mul(w, by)))
      }
    }
  }
}

/** Undoes them with q = dL/dS in P_U: dL/dw += q G(t), the gradient event w q G'(t), and what time constants do to both. */
export function undoShared<M>(trial: i32, held: i32): void {
  const zero = f64x2.splat(0)
  if (isPerNeuron<M>()) {
    fillLanes(EFFECT, 0)
    fillLanes(SHIFT, 0)
  }
  const first = firstInstant(trial)
  for (let instant = endOfInstants(trial) - INSTANT; instant > first; ) {
    instant -= INSTANT
    if (isPerNeuron<M>()) respondAt(laneGroup, held, instant)
    const share = isPerNeuron<M>() ? zero : v128.load_splat<f64>(responseOf(instant), RESPONSE_EFFECT)
    const moved = isPerNeuron<M>() ? zero : v128.load_splat<f64>(responseOf(instant), RESPONSE_SHIFT)
    const shareJ = isTwo<M>() ? v128.load_splat<f64>(inhibitoryResponseOf(instant), RESPONSE_EFFECT) : zero
    const movedJ = isTwo<M>() ? v128.load_splat<f64>(inhibitoryResponseOf(instant), RESPONSE_SHIFT) : zero
    if (header.wantsTaus()) undoTaus<M>(instant, held)
    const start = <usize>load<u32>(instant, ARRIVALS)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > start; ) {
      arrival -= ARRIVAL
      const offset = <usize>load<u32>(arrival)
      for (let at: usize = 0; at < 64; at += 16) {
        const q = v128.load(lanes + P_U + at)
        const row = gradient + offset + at
        const w = v128.load(laneWeights + offset + at)
        const by = isPerNeuron<M>() ? v128.load(lanes + EFFECT + at) : isTwo<M>() ? driven(w, share, shareJ) : share
        const over = isPerNeuron<M>() ? v128.load(lanes + SHIFT + at) : isTwo<M>() ? driven(w, moved, movedJ) : moved
        v128.store(row, f64x2.add(v128.load(row), f64x2.mul(q, by)))
        v128.store(lanes + EVENTS + at, f64x2.mul(w, f64x2.mul(q, over)))
      }
      if (header.eventSums() != 0) storeEvents(laneGroup, load<u32>(arrival, SLOT))
    }
  }
}

/** What the arrivals of an instant add to the gradient by the time constants. */
function undoTaus<M>(instant: usize, held: i32): void {
  if (load<u32>(instant, ARRIVALS) == load<u32>(instant, ARRIVALS_END)) return
  if (!isPerNeuron<M>()) {
    addToTausFrom(instant, 0, 8)
    return
  }
  for (let n = 0; n < held; n++) {
    takeUpTaus(laneGroup, n)
    addToTausFrom(instant, n, n + 1)
  }
}

/** Of some lanes, the last arrival first: those that excite, then those that have a current of their own. */
function addToTausFrom(instant: usize, from: i32, to: i32): void {
  respondToTaus(load<f64>(instant, TIME), header.perTauSyn(), header.rate())
  addArrivalsToTaus(instant, from, to, false)
  if (!header.hasInhibition()) return
  respondToTaus(load<f64>(instant, TIME), header.perTauSynInh(), header.rateInh())
  addArrivalsToTaus(instant, from, to, true)
}

function addArrivalsToTaus(instant: usize, from: i32, to: i32, inhibits: bool): void {
  const start = <usize>load<u32>(instant, ARRIVALS)
  for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > start; ) {
    arrival -= ARRIVAL
    const row = laneWeights + <usize>load<u32>(arrival)
    for (let n = from; n < to; n++) {
      const w = load<f64>(row + 8 * <usize>n)
      if (isInhibitory(w) == inhibits) addToTaus(n, w, inhibits ? GRADIENT_BY_TAU_SYN_INH : GRADIENT_BY_TAU_SYN)
    }
  }
}

/** An arrival at a lane, after `respondToTaus`: dL/dtau += q w dG/dtau. */
export function addToTaus(n: i32, weight: f64, bySyn: usize): void {
  const at = tauRows(gradient) + 8 * <usize>n
  const q = lane(P_U, n)
  store<f64>(at, load<f64>(at, GRADIENT_BY_TAU_MEM) + weight * (q * effectByMem), GRADIENT_BY_TAU_MEM)
  const synapse = at + bySyn
  store<f64>(synapse, load<f64>(synapse) + weight * (q * effectBySyn))
}
