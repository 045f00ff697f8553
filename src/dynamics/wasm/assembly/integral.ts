import { storeEvents } from './answers'
import { injectedInto } from './injections'
import { endOfInstants, firstInstant } from './instants'
import {
  biasByMem,
  biasResponse,
  effect,
  effectByMem,
  effectBySyn,
  respond,
  respondToTaus,
  shift,
} from './integral-response'
import { fillLanes, lane, lanes, setLane } from './lanes'
import { gradient, octet, octetWeights } from './own-events'
import { undoOwnIntegrals } from './own-taus-integral'
import { EMITTED, SPIKE, SPIKE_ROW, SPIKE_SLOT } from './schema/delayed-records'
import { EVENTS, P_U, SCORE } from './schema/lanes'
import {
  biases,
  delays,
  eventSums,
  instants,
  integrals,
  octets,
  ownTaus,
  peakGradients,
  responses,
  rows,
  size,
  until,
  wantsBias,
  wantsTaus,
  weights,
} from './schema/plan'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  GRADIENT_BY_TAU_MEM,
  GRADIENT_BY_TAU_SYN,
  INSTANT,
  RESPONSE,
  RESPONSE_EFFECT,
  RESPONSE_SHIFT,
  SLOT,
  TIME,
} from './schema/records'
import { tauRows } from './taus'

/** Works out what the arrivals of a trial do to an integral, where all neurons meet the same ones. */
export function prepareResponses(trial: i32): void {
  const end = endOfInstants(trial) - INSTANT
  for (let instant = firstInstant(trial); instant < end; instant += INSTANT) {
    respond(load<f64>(instant, TIME))
    const at = responseOf(instant)
    store<f64>(at, effect, RESPONSE_EFFECT)
    store<f64>(at, shift, RESPONSE_SHIFT)
  }
}

function responseOf(instant: usize): usize {
  return responses() + RESPONSE * ((instant - instants()) / INSTANT)
}

/**
 * The integrals S = ∫_0^T e^{-t/tau} V dt of an octet in a trial: linear in what arrives, so V is not needed.
 *
 *     S = sum over arrivals (w, t) of w G(t) + bias B
 */
export function integrate(which: i32, trial: i32): void {
  fillLanes(SCORE, 0)
  const octetWeights = weights() + 64 * <usize>rows() * <usize>which
  if (delays() == 0) addShared(trial, octetWeights)
  else addDelayed(which, trial, octetWeights)
  const perBias = biasResponse()
  for (let n = 0; n < 8; n++) {
    const bias = load<f64>(biases() + 64 * <usize>which + 8 * <usize>n)
    store<f64>(integralsOf(which, trial) + 8 * <usize>n, lane(SCORE, n) + bias * perBias)
  }
}

function integralsOf(which: i32, trial: i32): usize {
  return integrals() + 64 * (<usize>trial * <usize>octets() + <usize>which)
}

function addShared(trial: i32, octetWeights: usize): void {
  const end = endOfInstants(trial) - INSTANT
  for (let instant = firstInstant(trial); instant < end; instant += INSTANT) {
    const share = v128.load_splat<f64>(responseOf(instant), RESPONSE_EFFECT)
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const row = octetWeights + <usize>load<u32>(arrival)
      for (let at: usize = 0; at < 64; at += 16) {
        const into = lanes + SCORE + at
        v128.store(into, f64x2.add(v128.load(into), f64x2.mul(v128.load(row + at), share)))
      }
    }
  }
}

function addDelayed(which: i32, trial: i32, octetWeights: usize): void {
  const octetDelays = delays() + 64 * <usize>rows() * <usize>which
  const held = min(8, size() - 8 * which)
  const end = endOfInstants(trial)
  for (let spike = firstInstant(trial); spike < end; spike += SPIKE)
    for (let n = 0; n < held; n++) {
      const place = <usize>load<u32>(spike, SPIKE_ROW) + 8 * <usize>n
      const time = load<f64>(spike, EMITTED) + load<f64>(octetDelays + place)
      if (!(time < until())) continue
      respond(time)
      setLane(SCORE, n, lane(SCORE, n) + load<f64>(octetWeights + place) * effect)
    }
}

/**
 * Undoes a trial of an octet whose integrals the loss looks at, q = dL/dS:
 *
 *     dL/dw += q G(t)      gradient event: w q G'(t)      dL/dbias += q B      dL/dtau += q (w dG/dtau + bias dB/dtau)
 */
export function undoIntegrals(trial: i32): void {
  if (peakGradients() == 0) return
  if (ownTaus() != 0) {
    undoOwnIntegrals(trial)
    return
  }
  const held = min(8, size() - 8 * octet)
  for (let n = 0; n < 8; n++) setLane(P_U, n, n < held ? injectedInto(octet, trial, n) : 0)
  if (delays() == 0) undoShared(trial)
  else undoDelayed(trial, held)
  if (wantsTaus()) addBiasToTaus(held)
  if (!wantsBias()) return
  const perBias = biasResponse()
  const own = gradient + 64 * <usize>rows()
  for (let n = 0; n < held; n++) {
    const at = own + 8 * <usize>n
    store<f64>(at, load<f64>(at) + lane(P_U, n) * perBias)
  }
}

function undoShared(trial: i32): void {
  const first = firstInstant(trial)
  for (let instant = endOfInstants(trial) - INSTANT; instant > first; ) {
    instant -= INSTANT
    const share = v128.load_splat<f64>(responseOf(instant), RESPONSE_EFFECT)
    const moved = v128.load_splat<f64>(responseOf(instant), RESPONSE_SHIFT)
    const start = <usize>load<u32>(instant, ARRIVALS)
    if (wantsTaus() && start < <usize>load<u32>(instant, ARRIVALS_END)) respondToTaus(load<f64>(instant, TIME))
    for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > start; ) {
      arrival -= ARRIVAL
      const offset = <usize>load<u32>(arrival)
      for (let at: usize = 0; at < 64; at += 16) {
        const q = v128.load(lanes + P_U + at)
        const row = gradient + offset + at
        v128.store(row, f64x2.add(v128.load(row), f64x2.mul(q, share)))
        const event = f64x2.mul(v128.load(octetWeights + offset + at), f64x2.mul(q, moved))
        v128.store(lanes + EVENTS + at, event)
      }
      if (eventSums() != 0) storeEvents(octet, load<u32>(arrival, SLOT))
      if (wantsTaus()) for (let n = 0; n < 8; n++) addToTaus(n, load<f64>(octetWeights + offset + 8 * <usize>n))
    }
  }
}

/** An arrival at a lane, after `respondToTaus`: dL/dtau += q w dG/dtau. */
function addToTaus(n: i32, weight: f64): void {
  const at = tauRows(gradient) + 8 * <usize>n
  const q = lane(P_U, n)
  store<f64>(at, load<f64>(at, GRADIENT_BY_TAU_MEM) + weight * (q * effectByMem), GRADIENT_BY_TAU_MEM)
  store<f64>(at, load<f64>(at, GRADIENT_BY_TAU_SYN) + weight * (q * effectBySyn), GRADIENT_BY_TAU_SYN)
}

/** dL/dtauMem += q bias dB/dtauMem. */
function addBiasToTaus(held: i32): void {
  const perTau = biasByMem()
  for (let n = 0; n < held; n++) {
    const at = tauRows(gradient) + 8 * <usize>n
    const bias = load<f64>(biases() + 64 * <usize>octet + 8 * <usize>n)
    store<f64>(at, load<f64>(at) + lane(P_U, n) * (bias * perTau))
  }
}

function undoDelayed(trial: i32, held: i32): void {
  const octetDelays = delays() + 64 * <usize>rows() * <usize>octet
  const delayGradient = gradient + 64 * (<usize>rows() + 3)
  const end = endOfInstants(trial)
  fillLanes(EVENTS, 0)
  for (let spike = firstInstant(trial); spike < end; spike += SPIKE) {
    for (let n = 0; n < held; n++) {
      const place = <usize>load<u32>(spike, SPIKE_ROW) + 8 * <usize>n
      const time = load<f64>(spike, EMITTED) + load<f64>(octetDelays + place)
      setLane(EVENTS, n, 0)
      if (!(time < until())) continue
      respond(time)
      const event = load<f64>(octetWeights + place) * (lane(P_U, n) * shift)
      store<f64>(gradient + place, load<f64>(gradient + place) + lane(P_U, n) * effect)
      store<f64>(delayGradient + place, load<f64>(delayGradient + place) + event)
      setLane(EVENTS, n, event)
      if (!wantsTaus()) continue
      respondToTaus(time)
      addToTaus(n, load<f64>(octetWeights + place))
    }
    if (eventSums() != 0) storeEvents(octet, load<u32>(spike, SPIKE_SLOT))
  }
}
