import { nextDelayedEvent } from './delayed/forward'
import { isHeld, stateBefore, takeUpCourses, takeUpLanes } from './lane-states'
import { takeUpTaus } from './lane-taus'
import { lane } from './lanes'
import { exp } from './numerics/exp'
import { ADAPTATION, ADAPTED, HELD_UNTIL, I, J, SINCE, U } from './schema/lanes'
import {
  delays,
  hasInhibition,
  octets,
  peakKappa,
  stopsAfterFirst,
  tauAdapt,
  tests,
  thresholds,
  trials,
} from './schema/plan'
import { countsOf } from './spike-counts'
import { firstCrossingOfTwo } from './two-currents-crossing'

/** When a neuron fires next or is let go if nothing arrives, of all octets and trials; Infinity: none does. */
export function nextCrossing(): f64 {
  let next: f64 = Infinity
  for (let trial = 0; trial < trials(); trial++)
    for (let octet = 0; octet < octets(); octet++)
      next = min(next, delays() == 0 ? nextOf(octet, trial) : nextDelayedEvent(octet, trial))
  return next
}

function nextOf(octet: i32, trial: i32): f64 {
  let next: f64 = Infinity
  const counts = countsOf(octet, trial)
  const state = stateBefore(octet, trial)
  takeUpLanes(state, counts)
  takeUpCourses(state)
  for (let n = 0; n < 8; n++) {
    if (isHeld(n)) {
      next = min(next, lane(HELD_UNTIL, n))
      continue
    }
    takeUpTaus(octet, n)
    const at: usize = 64 * <usize>octet + 8 * <usize>n
    const u = lane(U, n)
    const i = lane(I, n)
    const j: f64 = hasInhibition() ? lane(J, n) : 0
    if (max(u, 0) + peakKappa() * max(i, 0) < load<f64>(tests() + at)) continue
    const fired = load<i32>(counts + 4 * <usize>n) > 0
    if (fired && stopsAfterFirst()) continue
    const since = lane(SINCE, n)
    const a = fired ? lane(ADAPTATION, n) : 0
    const now = a == 0 ? 0 : a * exp(-(since - lane(ADAPTED, n)) / tauAdapt())
    next = min(next, since + firstCrossingOfTwo(u, i, j, now, load<f64>(thresholds() + at), Infinity))
  }
  return next
}
