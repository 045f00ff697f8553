import { endOfRowsOf, firstRowOf, numberOf, takeRowsOf } from '../delayed/unit-rows'
import {
  biasByMem,
  biasResponse,
  effect,
  effectByMem,
  effectBySyn,
  respond,
  respondToTaus,
  shift,
} from '../equations/integral-response'
import { isInhibitory } from '../events/inhibition'
import { injectedInto } from '../events/injections'
import { endOfInstants, firstInstant } from '../events/instants'
import { gradient, laneGroup, laneWeights } from '../events/own-events'
import { storeEvents } from '../gradients/returned-events'
import { tauRows } from '../gradients/taus'
import { takeUpTaus } from '../lanes/lane-taus'
import { fillLanes, lane, setLane } from '../lanes/lanes'
import { EMITTED, SPIKE, SPIKE_SLOT, SPIKE_UNIT } from '../schema/delayed-records'
import {
  biases,
  delays,
  eventSums,
  integrals,
  laneGroups,
  perTauSyn,
  perTauSynInh,
  rate,
  rateInh,
  rows,
  size,
  until,
  wantsBias,
  wantsTaus,
  weights,
} from '../schema/header'
import { EVENTS, NEXT_I, NEXT_U, P_U, Q_I, SCORE, Z } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  GRADIENT_BY_TAU_SYN,
  GRADIENT_BY_TAU_SYN_INH,
  INSTANT,
  SLOT,
  TIME,
} from '../schema/records'
import { countIntegrals } from './integral-traffic'

/**
 * The same as `integral.ts` where neurons have a tauMem or tauSyn of their own: to an arrival each lane has its own response.
 * With two currents arrivals are the neurons' own.
 */

/** G and G' of each lane, and how G changes with the time constants. */
const EFFECT: usize = NEXT_U
const SHIFT: usize = NEXT_I
const BY_MEM: usize = Q_I
const BY_SYN: usize = Z

export function integrateOwn(which: i32, trial: i32): void {
  const held = min(8, size() - 8 * which)
  const ownWeights = weights() + 64 * <usize>rows() * <usize>which
  fillLanes(SCORE, 0)
  countIntegrals(trial)
  if (delays() == 0) {
    const end = endOfInstants(trial) - INSTANT
    for (let instant = firstInstant(trial); instant < end; instant += INSTANT) {
      for (let n = 0; n < held; n++) respondAt(which, n, load<f64>(instant, TIME), 0, false)
      const stop = <usize>load<u32>(instant, ARRIVALS_END)
      for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL)
        addScores(ownWeights + <usize>load<u32>(arrival), held)
    }
  } else {
    const end = endOfInstants(trial)
    takeRowsOf(which)
    for (let spike = firstInstant(trial); spike < end; spike += SPIKE) {
      const unit = load<u32>(spike, SPIKE_UNIT)
      const rowsEnd = endOfRowsOf(unit)
      for (let row = firstRowOf(unit); row < rowsEnd; row += 64) {
        for (let n = 0; n < held; n++) respondDelayed(which, spike, row, n, false)
        addScores(ownWeights + row, held)
      }
    }
  }
  const own = integrals() + 64 * (<usize>trial * <usize>laneGroups() + <usize>which)
  for (let n = 0; n < held; n++) {
    takeUpTaus(which, n)
    const bias = load<f64>(biases() + 64 * <usize>which + 8 * <usize>n)
    store<f64>(own + 8 * <usize>n, lane(SCORE, n) + bias * biasResponse())
  }
}

function addScores(row: usize, held: i32): void {
  for (let n = 0; n < held; n++) setLane(SCORE, n, lane(SCORE, n) + load<f64>(row + 8 * <usize>n) * lane(EFFECT, n))
}

function arrivalAt(which: i32, spike: usize, row: usize, n: i32): f64 {
  const ownDelays = delays() + 64 * <usize>rows() * <usize>which
  return load<f64>(spike, EMITTED) + load<f64>(ownDelays + row + 8 * <usize>n)
}

function respondDelayed(which: i32, spike: usize, row: usize, n: i32, withTaus: bool): void {
  const weight = load<f64>(weights() + 64 * <usize>rows() * <usize>which + row + 8 * <usize>n)
  respondAt(which, n, arrivalAt(which, spike, row, n), weight, withTaus)
}

/** What an arrival at a lane does through the current that a weight drives; nothing at the end of the trial or later. */
function respondAt(which: i32, n: i32, time: f64, weight: f64, withTaus: bool): void {
  const isHere = time < until()
  takeUpTaus(which, n)
  const inhibits = isInhibitory(weight)
  const perSyn = inhibits ? perTauSynInh() : perTauSyn()
  const gap = inhibits ? rateInh() : rate()
  if (isHere) respond(time, perSyn, gap)
  setLane(EFFECT, n, isHere ? effect : 0)
  setLane(SHIFT, n, isHere ? shift : 0)
  if (!withTaus) return
  if (isHere) respondToTaus(time, perSyn, gap)
  setLane(BY_MEM, n, isHere ? effectByMem : 0)
  setLane(BY_SYN, n, isHere ? effectBySyn : 0)
}

export function undoOwnIntegrals(trial: i32): void {
  const held = min(8, size() - 8 * laneGroup)
  for (let n = 0; n < held; n++) setLane(P_U, n, injectedInto(laneGroup, trial, n))
  fillLanes(EVENTS, 0)
  if (delays() == 0) undoShared(trial, held)
  else undoDelayed(trial, held)
  const own = gradient + 64 * <usize>rows()
  const tausAt = tauRows(gradient)
  for (let n = 0; n < held; n++) {
    takeUpTaus(laneGroup, n)
    const place: usize = 8 * <usize>n
    const q = lane(P_U, n)
    const bias = load<f64>(biases() + 64 * <usize>laneGroup + place)
    if (wantsTaus()) store<f64>(tausAt + place, load<f64>(tausAt + place) + q * (bias * biasByMem()))
    if (wantsBias()) store<f64>(own + place, load<f64>(own + place) + q * biasResponse())
  }
}

function undoShared(trial: i32, held: i32): void {
  const first = firstInstant(trial)
  for (let instant = endOfInstants(trial) - INSTANT; instant > first; ) {
    instant -= INSTANT
    for (let n = 0; n < held; n++) respondAt(laneGroup, n, load<f64>(instant, TIME), 0, wantsTaus())
    const start = <usize>load<u32>(instant, ARRIVALS)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > start; ) {
      arrival -= ARRIVAL
      undoArrival(<usize>load<u32>(arrival), load<u32>(arrival, SLOT), held)
    }
  }
}

function undoDelayed(trial: i32, held: i32): void {
  const delayGradient = gradient + 64 * (<usize>rows() + 3)
  const end = endOfInstants(trial)
  takeRowsOf(laneGroup)
  for (let spike = firstInstant(trial); spike < end; spike += SPIKE) {
    const unit = load<u32>(spike, SPIKE_UNIT)
    const rowsEnd = endOfRowsOf(unit)
    let number = numberOf(load<u32>(spike, SPIKE_SLOT))
    for (let row = firstRowOf(unit); row < rowsEnd; row += 64, number++) {
      for (let n = 0; n < held; n++) respondDelayed(laneGroup, spike, row, n, wantsTaus())
      undoArrival(row, number, held)
      for (let n = 0; n < held; n++) {
        const at = delayGradient + row + 8 * <usize>n
        store<f64>(at, load<f64>(at) + lane(EVENTS, n))
      }
    }
  }
}

/** An arrival at all lanes, by its row of weights, and the number of its returned event. */
function undoArrival(row: usize, slot: u32, held: i32): void {
  for (let n = 0; n < held; n++) {
    const place: usize = 8 * <usize>n
    const at = gradient + row + place
    const w = load<f64>(laneWeights + row + place)
    const q = lane(P_U, n)
    store<f64>(at, load<f64>(at) + q * lane(EFFECT, n))
    setLane(EVENTS, n, w * (q * lane(SHIFT, n)))
    if (!wantsTaus()) continue
    const own = tauRows(gradient) + place
    store<f64>(own, load<f64>(own) + w * (q * lane(BY_MEM, n)))
    const synapse = own + (isInhibitory(w) ? GRADIENT_BY_TAU_SYN_INH : GRADIENT_BY_TAU_SYN)
    store<f64>(synapse, load<f64>(synapse) + w * (q * lane(BY_SYN, n)))
  }
  if (eventSums() != 0) storeEvents(laneGroup, slot)
}
