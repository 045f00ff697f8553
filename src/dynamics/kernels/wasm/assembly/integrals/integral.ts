import { endOfRowsOf, firstRowOf, numberOf, takeRowsOf } from '../delayed/unit-rows'
import { biasByMem, biasResponse, effect, respond, respondToTaus, shift } from '../equations/integral-response'
import { isInhibitory } from '../equations/propagator'
import { injectedInto } from '../events/injections'
import { endOfInstants, firstInstant } from '../events/instants'
import { gradient, laneGroup, laneWeights } from '../events/own-events'
import { storeEvents } from '../gradients/returned-events'
import { tauRows } from '../gradients/taus'
import { takeUpTaus } from '../lanes/lane-taus'
import { fillLanes, lane, setLane } from '../lanes/lanes'
import { OneCurrent, PerNeuronConstants, TwoCurrents } from '../lanes/membrane'
import { EMITTED, SPIKE, SPIKE_SLOT, SPIKE_UNIT } from '../schema/delayed-records'
import * as header from '../schema/header'
import { EVENTS, P_U, SCORE } from '../schema/lanes'
import { GRADIENT_BY_TAU_SYN, GRADIENT_BY_TAU_SYN_INH } from '../schema/records'
import { countIntegrals, countUndoneIntegrals } from '../shared/traffic'
import { addShared, addToTaus, undoShared } from './shared-integral'

/**
 * The integrals S = ∫_0^T e^{-t/tau} V dt of a lane group in a trial: linear in what arrives, so V is not needed.
 *
 *     S = sum over arrivals (w, t) of w G(t) + bias B
 */
export function integrate(which: i32, trial: i32): void {
  fillLanes(SCORE, 0)
  const laneWeights = header.weights() + 64 * <usize>header.rows() * <usize>which
  const held = min(8, header.size() - 8 * which)
  if (header.delays() != 0) addDelayed(which, trial, laneWeights, held)
  else if (header.hasInhibition()) addShared<TwoCurrents>(which, trial, laneWeights, held)
  else if (header.tausPerNeuron() != 0) addShared<PerNeuronConstants>(which, trial, laneWeights, held)
  else addShared<OneCurrent>(which, trial, laneWeights, held)
  countIntegrals(trial)
  for (let n = 0; n < 8; n++) {
    takeUpTaus(which, n)
    const bias = load<f64>(header.biases() + 64 * <usize>which + 8 * <usize>n)
    store<f64>(integralsOf(which, trial) + 8 * <usize>n, lane(SCORE, n) + bias * biasResponse())
  }
}

function integralsOf(which: i32, trial: i32): usize {
  return header.integrals() + 64 * (<usize>trial * <usize>header.laneGroups() + <usize>which)
}

function addDelayed(which: i32, trial: i32, laneWeights: usize, held: i32): void {
  const laneDelays = header.delays() + 64 * <usize>header.rows() * <usize>which
  const end = endOfInstants(trial)
  takeRowsOf(which)
  for (let spike = firstInstant(trial); spike < end; spike += SPIKE) {
    const unit = load<u32>(spike, SPIKE_UNIT)
    const rowsEnd = endOfRowsOf(unit)
    for (let row = firstRowOf(unit); row < rowsEnd; row += 64)
      for (let n = 0; n < held; n++) {
        const place = row + 8 * <usize>n
        const time = load<f64>(spike, EMITTED) + load<f64>(laneDelays + place)
        if (!(time < header.until())) continue
        const w = load<f64>(laneWeights + place)
        takeUpTaus(which, n)
        respondTo(w, time)
        setLane(SCORE, n, lane(SCORE, n) + w * effect)
      }
  }
}

/** The response of the current that a weight drives. */
function respondTo(weight: f64, time: f64): void {
  if (isInhibitory(weight)) respond(time, header.perTauSynInh(), header.rateInh())
  else respond(time, header.perTauSyn(), header.rate())
}

/**
 * Undoes a trial of a lane group whose integrals the loss looks at, q = dL/dS:
 *
 *     dL/dw += q G(t)      gradient event: w q G'(t)      dL/dbias += q B      dL/dtau += q (w dG/dtau + bias dB/dtau)
 */
export function undoIntegrals(trial: i32): void {
  if (header.peakGradients() == 0) return
  countUndoneIntegrals(trial)
  const held = min(8, header.size() - 8 * laneGroup)
  for (let n = 0; n < 8; n++) setLane(P_U, n, n < held ? injectedInto(laneGroup, trial, n) : 0)
  if (header.delays() != 0) undoDelayed(trial, held)
  else if (header.hasInhibition()) undoShared<TwoCurrents>(trial, held)
  else if (header.tausPerNeuron() != 0) undoShared<PerNeuronConstants>(trial, held)
  else undoShared<OneCurrent>(trial, held)
  const own = gradient + 64 * <usize>header.rows()
  for (let n = 0; n < held; n++) {
    takeUpTaus(laneGroup, n)
    const place: usize = 8 * <usize>n
    const q = lane(P_U, n)
    if (header.wantsTaus()) {
      const at = tauRows(gradient) + place
      const bias = load<f64>(header.biases() + 64 * <usize>laneGroup + place)
      store<f64>(at, load<f64>(at) + q * (bias * biasByMem()))
    }
    if (header.wantsBias()) store<f64>(own + place, load<f64>(own + place) + q * biasResponse())
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
      if (header.eventSums() != 0) storeEvents(laneGroup, number)
    }
  }
}

/** Undoes what a spike causes through a row. */
function undoRow(emitted: f64, row: usize, held: i32): void {
  const laneDelays = header.delays() + 64 * <usize>header.rows() * <usize>laneGroup
  const delayGradient = gradient + 64 * (<usize>header.rows() + 3)
  for (let n = 0; n < held; n++) {
    const place = row + 8 * <usize>n
    const time = emitted + load<f64>(laneDelays + place)
    setLane(EVENTS, n, 0)
    if (!(time < header.until())) continue
    const w = load<f64>(laneWeights + place)
    takeUpTaus(laneGroup, n)
    respondTo(w, time)
    const event = w * (lane(P_U, n) * shift)
    store<f64>(gradient + place, load<f64>(gradient + place) + lane(P_U, n) * effect)
    store<f64>(delayGradient + place, load<f64>(delayGradient + place) + event)
    setLane(EVENTS, n, event)
    if (!header.wantsTaus()) continue
    if (isInhibitory(w)) respondToTaus(time, header.perTauSynInh(), header.rateInh())
    else respondToTaus(time, header.perTauSyn(), header.rate())
    addToTaus(n, w, isInhibitory(w) ? GRADIENT_BY_TAU_SYN_INH : GRADIENT_BY_TAU_SYN)
  }
}
