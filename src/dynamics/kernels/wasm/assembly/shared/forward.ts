import { adaptationAfter } from '../equations/propagator'
import { firstCrossingOfTwo } from '../equations/two-currents-crossing'
import { inhibitionOf } from '../events/instant-factors'
import { endOfInstants, firstInstant, instantFrom, timeBefore } from '../events/instants'
import {
  beginAtRest,
  beginCounts,
  closeLanes,
  countOf,
  countsOf,
  isHeld,
  nextRelease,
  open,
  putDownLanes,
  releasedBy,
  stateAfter,
  stateBefore,
  takeUpCourses,
  takeUpLanes,
} from '../lanes/lane-states'
import { takeUpTaus } from '../lanes/lane-taus'
import { copyLanes, fillLanes, lane, lanes, setLane } from '../lanes/lanes'
import { boundTo, isOne, isPerNeuron, isTwo, propagateTo, takeUpPerNeuronConstants, work } from '../lanes/membrane'
import { isPolynomial, takeUpForm, takeUpOpenLanes } from '../lanes/polynomial'
import * as header from '../schema/header'
import {
  ADAPTATION,
  ADAPTED,
  HELD_UNTIL,
  I,
  J,
  NEXT_I,
  NEXT_J,
  NEXT_U,
  P_I,
  P_J,
  P_U,
  SINCE,
  TEST,
  U,
} from '../schema/lanes'
import {
  BOUND,
  DECAY_MEM,
  DECAY_SYN,
  INHIBITION_DECAY,
  INHIBITION_KAPPA,
  INHIBITION_SHARE,
  INSTANT,
  KAPPA,
  LAST,
  START,
  State,
  Work,
} from '../schema/records'
import { beginCrossings, crossLanes, crossOpenLanes, mayFire, nextOwnSpike, timeSpikes } from './own-crossings'
import { beginQuiet, setQuiet } from './quiet'
import { runLanes, runOpenLanes } from './settle'
import { mayCrossPair, suspects, sweep } from './sweep'
import { countForward } from './traffic'

/**
 * Runs a trial of a lane group whose neurons all meet the same arrivals through a window, from one interval in which some lanes
 * may fire to the next. The state of all neurons after the last arrival is kept; the rest of the window is searched for
 * spikes alone, since the end of its interval is not known yet.
 */
export function runShared<M>(laneGroup: i32, trial: i32): void {
  const first = firstInstant(trial)
  const tail = endOfInstants(trial) - INSTANT
  const laneWeights = header.weights() + 64 * <usize>header.rows() * <usize>laneGroup
  if (isPerNeuron<M>()) takeUpPerNeuronConstants(laneGroup)
  const state = stateBefore(laneGroup, trial)
  beginCounts(laneGroup, trial)
  if (state == 0) {
    beginAtRest()
    copyLanes(P_U, header.starts() + 64 * <usize>laneGroup)
    fillLanes(P_I, 0)
    if (isTwo<M>()) fillLanes(P_J, 0)
  } else {
    takeUpLanes(state, countsOf(laneGroup, trial))
    copyLanes(P_U, state + State.U)
    copyLanes(P_I, state + State.I)
    if (isTwo<M>()) copyLanes(P_J, state + State.J)
  }
  takeUpTests(laneGroup, state != 0)
  if (isOne<M>()) beginQuiet(laneGroup, first, tail)
  const runsByPolynomials = isOne<M>() && isPolynomial(state)
  if (isOne<M>() && state != 0) takeUpOpenLanes(laneGroup, state, load<f64>(first, START), runsByPolynomials)
  if (runsByPolynomials) beginCrossings(laneGroup)
  // The interval in which some lanes have to be looked at in any case.
  let due = open != 0 ? first : nextDue(first, tail)
  let instant = first
  for (let isPassed = false; ; isPassed = true) {
    instant = sweep<M>(instant, due == 0 ? tail : due, laneWeights, isPassed)
    if (instant == tail) break
    if (isPerNeuron<M>() && instant == due) propagateTo(instant)
    if (!isOne<M>() || instant == due) passInterval<M>(instant)
    let some = runsByPolynomials ? mayFireIn(instant, instant == due) : mayCross<M>(instant)
    if (instant == due) some |= open | releasedBy(load<f64>(instant, LAST))
    if (runsByPolynomials) {
      if (!crossLanes(some, instant)) return
    } else if (!runLanes(laneGroup, some, instant)) return
    if (isOne<M>() && (!runsByPolynomials || header.stopsAfterFirst()))
      for (; some != 0; some &= some - 1) setQuiet(ctz(some))
    closeLanes()
    due = nextDue(instant + INSTANT, tail)
  }
  if (isPerNeuron<M>()) propagateTo(tail)
  const some = mayCross<M>(tail) | open | releasedBy(load<f64>(tail, LAST))
  if (!(runsByPolynomials ? crossOpenLanes(some, tail) : runOpenLanes(laneGroup, some, tail))) return
  if (runsByPolynomials) timeSpikes()
  countForward<M>(state == 0, first, tail)
  const kept = stateAfter(laneGroup, trial)
  if (kept == 0) return
  memory.copy(kept + State.U, lanes + P_U, 64)
  memory.copy(kept + State.I, lanes + P_I, 64)
  if (isTwo<M>()) memory.copy(kept + State.J, lanes + P_J, 64)
  putDownLanes(kept, laneGroup, trial, load<f64>(tail, START), runsByPolynomials)
}

/** The lanes, as bits, that may cross their threshold in the interval before an instant, which begins with P_U, P_I and P_J. */
function mayCross<M>(instant: usize): i32 {
  const zero = f64x2.splat(0)
  const share = isTwo<M>() ? v128.load_splat<f64>(inhibitionOf(instant), INHIBITION_SHARE) : zero
  let some = 0
  for (let at: usize = 0, n = 0; n < 8; at += 16, n += 2) {
    const row = lanes + at
    const bound = isPerNeuron<M>() ? boundTo(instant, at) : v128.load_splat<f64>(instant, BOUND)
    const j = isTwo<M>() ? v128.load(row, P_J) : zero
    const crosses = inline.always(
      mayCrossPair<M>(v128.load(row, P_U), v128.load(row, P_I), j, bound, share, v128.load(row, TEST)),
    )
    some |= i64x2.bitmask(crosses) << n
  }
  return some
}

/** U, I and J of all lanes at an instant, into NEXT_U, NEXT_I and NEXT_J. */
function passInterval<M>(instant: usize): void {
  const by = isTwo<M>() ? inhibitionOf(instant) : 0
  for (let at: usize = 0; at < 64; at += 16) {
    const row = lanes + at
    const i = v128.load(row, P_I)
    const toU = isPerNeuron<M>() ? v128.load(work + at, Work.DECAY_MEM) : v128.load_splat<f64>(instant, DECAY_MEM)
    const toI = isPerNeuron<M>() ? v128.load(work + at, Work.DECAY_SYN) : v128.load_splat<f64>(instant, DECAY_SYN)
    const across = isPerNeuron<M>() ? v128.load(work + at, Work.KAPPA) : v128.load_splat<f64>(instant, KAPPA)
    let next = f64x2.add(f64x2.mul(v128.load(row, P_U), toU), f64x2.mul(across, i))
    if (isTwo<M>()) {
      const j = v128.load(row, P_J)
      next = f64x2.add(next, f64x2.mul(v128.load_splat<f64>(by, INHIBITION_KAPPA), j))
      v128.store(row, f64x2.mul(j, v128.load_splat<f64>(by, INHIBITION_DECAY)), NEXT_J)
    }
    v128.store(row, next, NEXT_U)
    v128.store(row, f64x2.mul(i, toI), NEXT_I)
  }
}

/** Those of polynomial lanes. */
function mayFireIn(instant: usize, isDue: bool): i32 {
  // A single one is looked at in any case.
  return isDue || (suspects & (suspects - 1)) != 0 ? mayFire(instant) : suspects
}

/** What the lanes are tested against at first, in TEST: those that cannot fire now against nothing. */
function takeUpTests(laneGroup: i32, hasBegun: bool): void {
  copyLanes(TEST, header.tests() + 64 * <usize>laneGroup)
  if (!hasBegun || !(header.stopsAfterFirst() || header.refractories() != 0)) return
  for (let n = 0; n < 8; n++) if (isHeld(n) || (header.stopsAfterFirst() && countOf(n) > 0)) setLane(TEST, n, Infinity)
}

/** The instant up to which the next lane is let go; 0: none is held. */
function nextDue(from: usize, tail: usize): usize {
  const release = nextRelease()
  return release == Infinity ? 0 : instantFrom(release, from, tail)
}

/** When a lane fires next or is let go if nothing arrives; Infinity: none does. */
export function nextSharedEvent(laneGroup: i32, trial: i32): f64 {
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
    if (fired && header.stopsAfterFirst()) continue
    if (runsByPolynomials) {
      next = min(next, nextOwnSpike(laneGroup, n, timeBefore(trial)))
      continue
    }
    takeUpTaus(laneGroup, n)
    const at: usize = 64 * <usize>laneGroup + 8 * <usize>n
    const u = lane(U, n)
    const i = lane(I, n)
    const j: f64 = header.hasInhibition() ? lane(J, n) : 0
    if (max(u, 0) + header.peakKappa() * max(i, 0) < load<f64>(header.tests() + at)) continue
    const since = lane(SINCE, n)
    const a = fired ? lane(ADAPTATION, n) : 0
    const now = adaptationAfter(a, since - lane(ADAPTED, n))
    next = min(next, since + firstCrossingOfTwo(u, i, j, now, load<f64>(header.thresholds() + at), Infinity))
  }
  return next
}
