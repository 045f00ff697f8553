import { nextDelayedEvent } from '../delayed/forward'
import { firstCrossingOfTwo } from '../equations/two-currents-crossing'
import { isHeld, stateBefore, takeUpCourses, takeUpLanes } from '../lanes/lane-states'
import { putDownTaus, takeUpTaus } from '../lanes/lane-taus'
import { lane } from '../lanes/lanes'
import { OneCurrent, TwoCurrents } from '../lanes/membrane'
import { isPolynomial, takeUpForm, takeUpOpenLanes } from '../lanes/polynomial'
import { exp } from '../numerics/exp'
import {
  delays,
  hasInhibition,
  laneGroups,
  peakKappa,
  stopsAfterFirst,
  tauAdapt,
  tests,
  thresholds,
  trials,
} from '../schema/header'
import { ADAPTATION, ADAPTED, HELD_UNTIL, I, J, SINCE, U } from '../schema/lanes'
import { nextOwnSpike } from '../shared/own-crossings'
import { timeBefore } from './instants'
import { countsOf } from './spike-counts'

/** When a neuron fires next or is let go if nothing arrives, of all lane groups and trials; Infinity: none does. */
export function nextCrossing(): f64 {
  putDownTaus()
  let next: f64 = Infinity
  for (let trial = 0; trial < trials(); trial++)
    for (let laneGroup = 0; laneGroup < laneGroups(); laneGroup++)
      next = min(next, delays() == 0 ? nextOf(laneGroup, trial) : nextOfDelayed(laneGroup, trial))
  return next
}

function nextOfDelayed(laneGroup: i32, trial: i32): f64 {
  if (hasInhibition()) return nextDelayedEvent<TwoCurrents>(laneGroup, trial)
  return nextDelayedEvent<OneCurrent>(laneGroup, trial)
}

function nextOf(laneGroup: i32, trial: i32): f64 {
  let next: f64 = Infinity
  const counts = countsOf(laneGroup, trial)
  const state = stateBefore(laneGroup, trial)
  takeUpLanes(state, counts)
  takeUpCourses(state)
  takeUpForm(laneGroup)
  const runsByPolynomials = isPolynomial(state)
  takeUpOpenLanes(laneGroup, state, timeBefore(trial), runsByPolynomials)
  for (let n = 0; n < 8; n++) {
    if (isHeld(n)) {
      next = min(next, lane(HELD_UNTIL, n))
      continue
    }
    const fired = load<i32>(counts + 4 * <usize>n) > 0
    if (fired && stopsAfterFirst()) continue
    if (runsByPolynomials) {
      next = min(next, nextOwnSpike(laneGroup, n, timeBefore(trial)))
      continue
    }
    takeUpTaus(laneGroup, n)
    const at: usize = 64 * <usize>laneGroup + 8 * <usize>n
    const u = lane(U, n)
    const i = lane(I, n)
    const j: f64 = hasInhibition() ? lane(J, n) : 0
    if (max(u, 0) + peakKappa() * max(i, 0) < load<f64>(tests() + at)) continue
    const since = lane(SINCE, n)
    const a = fired ? lane(ADAPTATION, n) : 0
    const now = a == 0 ? 0 : a * exp(-(since - lane(ADAPTED, n)) / tauAdapt())
    next = min(next, since + firstCrossingOfTwo(u, i, j, now, load<f64>(thresholds() + at), Infinity))
  }
  return next
}
