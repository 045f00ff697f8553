import { endOfRowsOf, firstRowOf, numberOf, takeRowsOf } from '../delayed/unit-rows'
import { biasByMem, biasResponse, effect, respond, respondToTaus, shift } from '../equations/integral-response'
import { isInhibitory } from '../events/inhibition'
import { injectedInto } from '../events/injections'
import { endOfInstants, firstInstant } from '../events/instants'
import { gradient, laneGroup, laneWeights } from '../events/own-events'
import { storeEvents } from '../gradients/returned-events'
import { tauRows } from '../gradients/taus'
import { takeUpTaus } from '../lanes/lane-taus'
import { fillLanes, lane, lanes, setLane } from '../lanes/lanes'
import { driven } from '../lanes/membrane'
import { EMITTED, SPIKE, SPIKE_SLOT, SPIKE_UNIT } from '../schema/delayed-records'
import {
  biases,
  delays,
  eventSums,
  hasInhibition,
  inhibitoryResponses,
  instants,
  integrals,
  laneGroups,
  ownTaus,
  peakGradients,
  perTauSyn,
  perTauSynInh,
  rate,
  rateInh,
  responses,
  rows,
  size,
  until,
  wantsBias,
  wantsTaus,
  weights,
} from '../schema/header'
import { EVENTS, P_U, SCORE } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  GRADIENT_BY_TAU_SYN,
  GRADIENT_BY_TAU_SYN_INH,
  INSTANT,
  RESPONSE,
  RESPONSE_EFFECT,
  RESPONSE_SHIFT,
  SLOT,
  TIME,
} from '../schema/records'
import { countIntegrals, countUndoneIntegrals } from './integral-traffic'
import { addOwn, undoOwn } from './own-responses'
import { addInstantToTaus, addToTaus } from './tau-responses'

/** Works out what the arrivals of a trial do to an integral, where all neurons meet the same ones. */
export function prepareResponses(trial: i32): void {
  const end = endOfInstants(trial) - INSTANT
  for (let instant = firstInstant(trial); instant < end; instant += INSTANT) {
    respond(load<f64>(instant, TIME), perTauSyn(), rate())
    noteResponse(responseOf(instant))
    if (!hasInhibition()) continue
    respond(load<f64>(instant, TIME), perTauSynInh(), rateInh())
    noteResponse(inhibitoryResponseOf(instant))
  }
}

function noteResponse(at: usize): void {
  store<f64>(at, effect, RESPONSE_EFFECT)
  store<f64>(at, shift, RESPONSE_SHIFT)
}

function responseOf(instant: usize): usize {
  return responses() + RESPONSE * ((instant - instants()) / INSTANT)
}

/** The response to weights below 0: where there is one current, the same. */
function inhibitoryResponseOf(instant: usize): usize {
  return hasInhibition() ? inhibitoryResponses() + RESPONSE * ((instant - instants()) / INSTANT) : responseOf(instant)
}

/**
 * The integrals S = ∫_0^T e^{-t/tau} V dt of a lane group in a trial: linear in what arrives, so V is not needed.
 *
 *     S = sum over arrivals (w, t) of w G(t) + bias B
 */
export function integrate(which: i32, trial: i32): void {
  fillLanes(SCORE, 0)
  const laneWeights = weights() + 64 * <usize>rows() * <usize>which
  if (delays() != 0) addDelayed(which, trial, laneWeights)
  else if (ownTaus() != 0) addOwn(which, trial, laneWeights)
  else addShared(trial, laneWeights)
  countIntegrals(trial)
  for (let n = 0; n < 8; n++) {
    takeUpTaus(which, n)
    const bias = load<f64>(biases() + 64 * <usize>which + 8 * <usize>n)
    store<f64>(integralsOf(which, trial) + 8 * <usize>n, lane(SCORE, n) + bias * biasResponse())
  }
}

function integralsOf(which: i32, trial: i32): usize {
  return integrals() + 64 * (<usize>trial * <usize>laneGroups() + <usize>which)
}

function addShared(trial: i32, laneWeights: usize): void {
  const end = endOfInstants(trial) - INSTANT
  for (let instant = firstInstant(trial); instant < end; instant += INSTANT) {
    const share = v128.load_splat<f64>(responseOf(instant), RESPONSE_EFFECT)
    const shareJ = v128.load_splat<f64>(inhibitoryResponseOf(instant), RESPONSE_EFFECT)
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const row = laneWeights + <usize>load<u32>(arrival)
      for (let at: usize = 0; at < 64; at += 16) {
        const into = lanes + SCORE + at
        const w = v128.load(row + at)
        v128.store(into, f64x2.add(v128.load(into), f64x2.mul(w, driven(w, share, shareJ))))
      }
    }
  }
}

function addDelayed(which: i32, trial: i32, laneWeights: usize): void {
  const laneDelays = delays() + 64 * <usize>rows() * <usize>which
  const held = min(8, size() - 8 * which)
  const end = endOfInstants(trial)
  takeRowsOf(which)
  for (let spike = firstInstant(trial); spike < end; spike += SPIKE) {
    const unit = load<u32>(spike, SPIKE_UNIT)
    const rowsEnd = endOfRowsOf(unit)
    for (let row = firstRowOf(unit); row < rowsEnd; row += 64)
      for (let n = 0; n < held; n++) {
        const place = row + 8 * <usize>n
        const time = load<f64>(spike, EMITTED) + load<f64>(laneDelays + place)
        if (!(time < until())) continue
        const w = load<f64>(laneWeights + place)
        takeUpTaus(which, n)
        respondTo(w, time)
        setLane(SCORE, n, lane(SCORE, n) + w * effect)
      }
  }
}

/** The response of the current that a weight drives. */
function respondTo(weight: f64, time: f64): void {
  if (isInhibitory(weight)) respond(time, perTauSynInh(), rateInh())
  else respond(time, perTauSyn(), rate())
}

/**
 * Undoes a trial of a lane group whose integrals the loss looks at, q = dL/dS:
 *
 *     dL/dw += q G(t)      gradient event: w q G'(t)      dL/dbias += q B      dL/dtau += q (w dG/dtau + bias dB/dtau)
 */
export function undoIntegrals(trial: i32): void {
  if (peakGradients() == 0) return
  countUndoneIntegrals(trial)
  const held = min(8, size() - 8 * laneGroup)
  for (let n = 0; n < 8; n++) setLane(P_U, n, n < held ? injectedInto(laneGroup, trial, n) : 0)
  if (delays() != 0) undoDelayed(trial, held)
  else if (ownTaus() != 0) undoOwn(trial, held)
  else undoShared(trial)
  const own = gradient + 64 * <usize>rows()
  for (let n = 0; n < held; n++) {
    takeUpTaus(laneGroup, n)
    const place: usize = 8 * <usize>n
    const q = lane(P_U, n)
    if (wantsTaus()) {
      const at = tauRows(gradient) + place
      const bias = load<f64>(biases() + 64 * <usize>laneGroup + place)
      store<f64>(at, load<f64>(at) + q * (bias * biasByMem()))
    }
    if (wantsBias()) store<f64>(own + place, load<f64>(own + place) + q * biasResponse())
  }
}

function undoShared(trial: i32): void {
  const first = firstInstant(trial)
  for (let instant = endOfInstants(trial) - INSTANT; instant > first; ) {
    instant -= INSTANT
    const share = v128.load_splat<f64>(responseOf(instant), RESPONSE_EFFECT)
    const moved = v128.load_splat<f64>(responseOf(instant), RESPONSE_SHIFT)
    const shareJ = v128.load_splat<f64>(inhibitoryResponseOf(instant), RESPONSE_EFFECT)
    const movedJ = v128.load_splat<f64>(inhibitoryResponseOf(instant), RESPONSE_SHIFT)
    const start = <usize>load<u32>(instant, ARRIVALS)
    if (wantsTaus() && start < <usize>load<u32>(instant, ARRIVALS_END)) addInstantToTaus(instant)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > start; ) {
      arrival -= ARRIVAL
      const offset = <usize>load<u32>(arrival)
      for (let at: usize = 0; at < 64; at += 16) {
        const q = v128.load(lanes + P_U + at)
        const row = gradient + offset + at
        const w = v128.load(laneWeights + offset + at)
        v128.store(row, f64x2.add(v128.load(row), f64x2.mul(q, driven(w, share, shareJ))))
        const event = f64x2.mul(w, f64x2.mul(q, driven(w, moved, movedJ)))
        v128.store(lanes + EVENTS + at, event)
      }
      if (eventSums() != 0) storeEvents(laneGroup, load<u32>(arrival, SLOT))
    }
  }
}

function undoDelayed(trial: i32, held: i32): void {
  const end = endOfInstants(trial)
  takeRowsOf(laneGroup)
  fillLanes(EVENTS, 0)
  for (let spike = firstInstant(trial); spike < end; spike += SPIKE) {
    const unit = load<u32>(spike, SPIKE_UNIT)
    const rowsEnd = endOfRowsOf(unit)
    let number = numberOf(load<u32>(spike, SPIKE_SLOT))
    for (let row = firstRowOf(unit); row < rowsEnd; row += 64, number++) {
      undoRow(load<f64>(spike, EMITTED), row, held)
      if (eventSums() != 0) storeEvents(laneGroup, number)
    }
  }
}

/** Undoes what a spike causes through a row. */
function undoRow(emitted: f64, row: usize, held: i32): void {
  const laneDelays = delays() + 64 * <usize>rows() * <usize>laneGroup
  const delayGradient = gradient + 64 * (<usize>rows() + 3)
  for (let n = 0; n < held; n++) {
    const place = row + 8 * <usize>n
    const time = emitted + load<f64>(laneDelays + place)
    setLane(EVENTS, n, 0)
    if (!(time < until())) continue
    const w = load<f64>(laneWeights + place)
    takeUpTaus(laneGroup, n)
    respondTo(w, time)
    const event = w * (lane(P_U, n) * shift)
    store<f64>(gradient + place, load<f64>(gradient + place) + lane(P_U, n) * effect)
    store<f64>(delayGradient + place, load<f64>(delayGradient + place) + event)
    setLane(EVENTS, n, event)
    if (!wantsTaus()) continue
    if (isInhibitory(w)) respondToTaus(time, perTauSynInh(), rateInh())
    else respondToTaus(time, perTauSyn(), rate())
    addToTaus(n, w, isInhibitory(w) ? GRADIENT_BY_TAU_SYN_INH : GRADIENT_BY_TAU_SYN)
  }
}
