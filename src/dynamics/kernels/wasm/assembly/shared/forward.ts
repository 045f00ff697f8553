import { arrivalsFrom, endOfInstants, firstInstant, instantFrom, intervalsTo } from '../events/instants'
import { beginCounts, countOf, countsOf } from '../events/spike-counts'
import {
  beginAtRest,
  closeLanes,
  isHeld,
  nextRelease,
  open,
  putDownLanes,
  releasedBy,
  stateAfter,
  stateBefore,
  takeUpLanes,
} from '../lanes/lane-states'
import { anyOf, bitsOf, copyLanes, lanes, putRow, setLane, storeRow } from '../lanes/lanes'
import { refractories, rows, starts, stopsAfterFirst, tests, weights } from '../schema/header'
import { NEXT_I, NEXT_U, P_I, P_U, TEST } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  BOUND,
  DECAY_MEM,
  DECAY_SYN,
  INSTANT,
  KAPPA,
  LAST,
  SPIKES,
  START,
  STATE,
  STATE_I,
  STATE_U,
  WEIGHTS,
} from '../schema/records'
import { countRead } from '../traffic'
import { runLanes, runOpenLanes } from './settle'

/**
 * Runs a trial of a lane group whose neurons all meet the same arrivals through a window, with U and I in registers, an
 * interval between two instants at a time. What they are after the last arrival stays; the rest of the window is looked
 * through for spikes alone, as nobody knows yet when its interval ends.
 */
export function runShared(laneGroup: i32, trial: i32): void {
  const first = firstInstant(trial)
  const tail = endOfInstants(trial) - INSTANT
  const laneWeights = weights() + 64 * <usize>rows() * <usize>laneGroup
  const zero = f64x2.splat(0)
  const state = stateBefore(laneGroup, trial)
  beginCounts(laneGroup, trial)
  if (state == 0) beginAtRest()
  else takeUpLanes(state, countsOf(laneGroup, trial))
  const starting = state == 0 ? starts() + 64 * <usize>laneGroup : state + STATE_U
  let u0 = v128.load(starting)
  let u1 = v128.load(starting, 16)
  let u2 = v128.load(starting, 32)
  let u3 = v128.load(starting, 48)
  let i0 = zero
  let i1 = zero
  let i2 = zero
  let i3 = zero
  if (state != 0) {
    i0 = v128.load(state, STATE_I)
    i1 = v128.load(state, STATE_I + 16)
    i2 = v128.load(state, STATE_I + 32)
    i3 = v128.load(state, STATE_I + 48)
  }
  takeUpTests(laneGroup, state != 0)
  let instant = first
  // The interval in which some lanes have to be looked at in any case.
  let due = open != 0 ? first : nextDue(first, tail)
  for (; instant < tail; instant += INSTANT) {
    const bound = v128.load_splat<f64>(instant, BOUND)
    const m0 = mayCross(u0, i0, bound, v128.load(lanes + TEST))
    const m1 = mayCross(u1, i1, bound, v128.load(lanes + TEST, 16))
    const m2 = mayCross(u2, i2, bound, v128.load(lanes + TEST, 32))
    const m3 = mayCross(u3, i3, bound, v128.load(lanes + TEST, 48))
    // Some lanes may cross their threshold, or are open.
    const isLooked = instant == due || anyOf(m0, m1, m2, m3)
    if (isLooked) {
      inline.always(putRow(P_U, u0, u1, u2, u3))
      inline.always(putRow(P_I, i0, i1, i2, i3))
    }
    const toU = v128.load_splat<f64>(instant, DECAY_MEM)
    const toI = v128.load_splat<f64>(instant, DECAY_SYN)
    const across = v128.load_splat<f64>(instant, KAPPA)
    u0 = f64x2.add(f64x2.mul(u0, toU), f64x2.mul(across, i0))
    u1 = f64x2.add(f64x2.mul(u1, toU), f64x2.mul(across, i1))
    u2 = f64x2.add(f64x2.mul(u2, toU), f64x2.mul(across, i2))
    u3 = f64x2.add(f64x2.mul(u3, toU), f64x2.mul(across, i3))
    i0 = f64x2.mul(i0, toI)
    i1 = f64x2.mul(i1, toI)
    i2 = f64x2.mul(i2, toI)
    i3 = f64x2.mul(i3, toI)
    if (isLooked) {
      let some = inline.always(bitsOf(m0, m1, m2, m3))
      if (instant == due) some |= open | releasedBy(load<f64>(instant, LAST))
      inline.always(putRow(NEXT_U, u0, u1, u2, u3))
      inline.always(putRow(NEXT_I, i0, i1, i2, i3))
      if (!runLanes(laneGroup, some, instant)) return
      u0 = v128.load(lanes + NEXT_U)
      u1 = v128.load(lanes + NEXT_U, 16)
      u2 = v128.load(lanes + NEXT_U, 32)
      u3 = v128.load(lanes + NEXT_U, 48)
      i0 = v128.load(lanes + NEXT_I)
      i1 = v128.load(lanes + NEXT_I, 16)
      i2 = v128.load(lanes + NEXT_I, 32)
      i3 = v128.load(lanes + NEXT_I, 48)
      closeLanes()
      due = nextDue(instant + INSTANT, tail)
    }
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const row = laneWeights + <usize>load<u32>(arrival)
      i0 = f64x2.add(i0, v128.load(row))
      i1 = f64x2.add(i1, v128.load(row, 16))
      i2 = f64x2.add(i2, v128.load(row, 32))
      i3 = f64x2.add(i3, v128.load(row, 48))
    }
  }
  const bound = v128.load_splat<f64>(tail, BOUND)
  const m0 = mayCross(u0, i0, bound, v128.load(lanes + TEST))
  const m1 = mayCross(u1, i1, bound, v128.load(lanes + TEST, 16))
  const m2 = mayCross(u2, i2, bound, v128.load(lanes + TEST, 32))
  const m3 = mayCross(u3, i3, bound, v128.load(lanes + TEST, 48))
  const some = inline.always(bitsOf(m0, m1, m2, m3)) | open | releasedBy(load<f64>(tail, LAST))
  inline.always(putRow(P_U, u0, u1, u2, u3))
  inline.always(putRow(P_I, i0, i1, i2, i3))
  if (!runOpenLanes(laneGroup, some, tail)) return
  countTrial(state == 0, first, tail)
  const kept = stateAfter(laneGroup, trial)
  if (kept == 0) return
  inline.always(storeRow(kept + STATE_U, u0, u1, u2, u3))
  inline.always(storeRow(kept + STATE_I, i0, i1, i2, i3))
  putDownLanes(kept, laneGroup, trial, load<f64>(tail, START))
}

/** Of a pair of lanes, those that are not ruled out. */
function mayCross(u: v128, i: v128, bound: v128, test: v128): v128 {
  const zero = f64x2.splat(0)
  return f64x2.ge(f64x2.add(f64x2.pmax(zero, u), f64x2.mul(bound, f64x2.pmax(zero, i))), test)
}

/** What the lanes are tested against at first, in TEST: those that cannot fire now against nothing. */
export function takeUpTests(laneGroup: i32, hasBegun: bool): void {
  copyLanes(TEST, tests() + 64 * <usize>laneGroup)
  if (!hasBegun || !(stopsAfterFirst() || refractories() != 0)) return
  for (let n = 0; n < 8; n++) if (isHeld(n) || (stopsAfterFirst() && countOf(n) > 0)) setLane(TEST, n, Infinity)
}

/** The instant up to which the next lane is let go; 0: none is held. */
export function nextDue(from: usize, tail: usize): usize {
  const release = nextRelease()
  return release == Infinity ? 0 : instantFrom(release, from, tail)
}

/** U to start from and what it is tested against; the intervals with their rows. */
function countTrial(isFirst: bool, first: usize, tail: usize): void {
  const rows = arrivalsFrom(first, tail)
  if (isFirst) countRead(STATE, 128)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 40 * intervalsTo(first, tail) + 4 * rows)
}
