import { effect, respond, respondToTaus, shift } from '../equations/integral-response'
import { endOfInstants, firstInstant } from '../events/instants'
import { gradient, laneGroup, laneWeights } from '../events/own-events'
import { storeEvents } from '../gradients/returned-events'
import { takeUpTaus } from '../lanes/lane-taus'
import { fillLanes, lane, setLane } from '../lanes/lanes'
import { eventSums, perTauSyn, rate, size, wantsTaus } from '../schema/header'
import { EVENTS, NEXT_I, NEXT_U, P_U, SCORE } from '../schema/lanes'
import { ARRIVAL, ARRIVALS, ARRIVALS_END, GRADIENT_BY_TAU_SYN, INSTANT, SLOT, TIME } from '../schema/records'
import { addToTaus } from './tau-responses'

/**
 * What `integral.ts` does with arrivals that all neurons share, where these have a tauMem or tauSyn of their own: each lane has
 * a response of its own to an instant. With two currents arrivals are the neurons' own.
 */

/** G and G' of each lane. */
const EFFECT: usize = NEXT_U
const SHIFT: usize = NEXT_I

export function addOwn(which: i32, trial: i32, laneWeights: usize): void {
  const held = min(8, size() - 8 * which)
  const end = endOfInstants(trial) - INSTANT
  for (let instant = firstInstant(trial); instant < end; instant += INSTANT) {
    respondAt(which, held, instant)
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const row = laneWeights + <usize>load<u32>(arrival)
      for (let n = 0; n < held; n++) setLane(SCORE, n, lane(SCORE, n) + load<f64>(row + 8 * <usize>n) * lane(EFFECT, n))
    }
  }
}

/** What an arrival at an instant does to each lane. */
function respondAt(which: i32, held: i32, instant: usize): void {
  for (let n = 0; n < held; n++) {
    takeUpTaus(which, n)
    respond(load<f64>(instant, TIME), perTauSyn(), rate())
    setLane(EFFECT, n, effect)
    setLane(SHIFT, n, shift)
  }
}

export function undoOwn(trial: i32, held: i32): void {
  fillLanes(EVENTS, 0)
  const first = firstInstant(trial)
  for (let instant = endOfInstants(trial) - INSTANT; instant > first; ) {
    instant -= INSTANT
    respondAt(laneGroup, held, instant)
    const start = <usize>load<u32>(instant, ARRIVALS)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > start; ) {
      arrival -= ARRIVAL
      undoArrival(<usize>load<u32>(arrival), held)
      if (eventSums() != 0) storeEvents(laneGroup, load<u32>(arrival, SLOT))
    }
    if (wantsTaus()) addInstantToTaus(instant, held)
  }
}

/** An arrival at all lanes, by its row of weights. */
function undoArrival(row: usize, held: i32): void {
  for (let n = 0; n < held; n++) {
    const place: usize = 8 * <usize>n
    const at = gradient + row + place
    const q = lane(P_U, n)
    store<f64>(at, load<f64>(at) + q * lane(EFFECT, n))
    setLane(EVENTS, n, load<f64>(laneWeights + row + place) * (q * lane(SHIFT, n)))
  }
}

/** The arrivals of an instant, the last one first. */
function addInstantToTaus(instant: usize, held: i32): void {
  const start = <usize>load<u32>(instant, ARRIVALS)
  for (let n = 0; n < held; n++) {
    takeUpTaus(laneGroup, n)
    respondToTaus(load<f64>(instant, TIME), perTauSyn(), rate())
    for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > start; ) {
      arrival -= ARRIVAL
      addToTaus(n, load<f64>(laneWeights + <usize>load<u32>(arrival) + 8 * <usize>n), GRADIENT_BY_TAU_SYN)
    }
  }
}
