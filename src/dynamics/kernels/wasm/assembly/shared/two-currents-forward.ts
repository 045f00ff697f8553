import { inhibitionOf } from '../events/inhibition-instants'
import { arrivalsFrom, endOfInstants, firstInstant, intervalsTo } from '../events/instants'
import { beginCounts, countsOf } from '../events/spike-counts'
import {
  beginAtRest,
  closeLanes,
  open,
  putDownLanes,
  releasedBy,
  stateAfter,
  stateBefore,
  takeUpLanes,
} from '../lanes/lane-states'
import { anyOf, bitsOf, lanes, putRow, storeRow } from '../lanes/lanes'
import { rows, starts, weights } from '../schema/header'
import { NEXT_I, NEXT_J, NEXT_U, P_I, P_J, P_U, TEST } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  BOUND,
  DECAY_MEM,
  DECAY_SYN,
  INHIBITION,
  INHIBITION_DECAY,
  INHIBITION_KAPPA,
  INHIBITION_SHARE,
  INSTANT,
  KAPPA,
  LAST,
  SPIKES,
  START,
  STATE,
  STATE_I,
  STATE_J,
  STATE_U,
  WEIGHTS,
} from '../schema/records'
import { countRead } from '../traffic'
import { nextDue, takeUpTests } from './forward'
import { runLanes, runOpenLanes } from './settle'

/**
 * The same as `runShared` with two synaptic currents, I and J. As inhibition at least has a share of itself in U (see
 * `leastShare`), no lane may cross its threshold in an interval while
 *
 *     max(U, 0) + kappa(min(D, Dpeak)) max(I + share J, 0) < test
 */
export function runSharedTwo(laneGroup: i32, trial: i32): void {
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
  let j0 = zero
  let j1 = zero
  let j2 = zero
  let j3 = zero
  if (state != 0) {
    i0 = v128.load(state, STATE_I)
    i1 = v128.load(state, STATE_I + 16)
    i2 = v128.load(state, STATE_I + 32)
    i3 = v128.load(state, STATE_I + 48)
    j0 = v128.load(state, STATE_J)
    j1 = v128.load(state, STATE_J + 16)
    j2 = v128.load(state, STATE_J + 32)
    j3 = v128.load(state, STATE_J + 48)
  }
  takeUpTests(laneGroup, state != 0)
  let instant = first
  let by = inhibitionOf(first)
  // The interval in which some lanes have to be looked at in any case.
  let due = open != 0 ? first : nextDue(first, tail)
  for (;;) {
    // As long as no lane may cross its threshold.
    let some = 0
    for (; instant < tail; instant += INSTANT, by += INHIBITION) {
      const bound = v128.load_splat<f64>(instant, BOUND)
      const share = v128.load_splat<f64>(by, INHIBITION_SHARE)
      const m0 = mayCross(u0, i0, j0, bound, share, v128.load(lanes + TEST))
      const m1 = mayCross(u1, i1, j1, bound, share, v128.load(lanes + TEST, 16))
      const m2 = mayCross(u2, i2, j2, bound, share, v128.load(lanes + TEST, 32))
      const m3 = mayCross(u3, i3, j3, bound, share, v128.load(lanes + TEST, 48))
      if (instant == due || anyOf(m0, m1, m2, m3)) {
        some = inline.always(bitsOf(m0, m1, m2, m3))
        break
      }
      const toU = v128.load_splat<f64>(instant, DECAY_MEM)
      const toI = v128.load_splat<f64>(instant, DECAY_SYN)
      const across = v128.load_splat<f64>(instant, KAPPA)
      const toJ = v128.load_splat<f64>(by, INHIBITION_DECAY)
      const acrossJ = v128.load_splat<f64>(by, INHIBITION_KAPPA)
      u0 = f64x2.add(f64x2.add(f64x2.mul(u0, toU), f64x2.mul(across, i0)), f64x2.mul(acrossJ, j0))
      u1 = f64x2.add(f64x2.add(f64x2.mul(u1, toU), f64x2.mul(across, i1)), f64x2.mul(acrossJ, j1))
      u2 = f64x2.add(f64x2.add(f64x2.mul(u2, toU), f64x2.mul(across, i2)), f64x2.mul(acrossJ, j2))
      u3 = f64x2.add(f64x2.add(f64x2.mul(u3, toU), f64x2.mul(across, i3)), f64x2.mul(acrossJ, j3))
      i0 = f64x2.mul(i0, toI)
      i1 = f64x2.mul(i1, toI)
      i2 = f64x2.mul(i2, toI)
      i3 = f64x2.mul(i3, toI)
      j0 = f64x2.mul(j0, toJ)
      j1 = f64x2.mul(j1, toJ)
      j2 = f64x2.mul(j2, toJ)
      j3 = f64x2.mul(j3, toJ)
      const stop = <usize>load<u32>(instant, ARRIVALS_END)
      for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
        const row = laneWeights + <usize>load<u32>(arrival)
        const w0 = v128.load(row)
        i0 = f64x2.add(i0, f64x2.pmax(zero, w0))
        j0 = f64x2.add(j0, f64x2.pmin(zero, w0))
        const w1 = v128.load(row, 16)
        i1 = f64x2.add(i1, f64x2.pmax(zero, w1))
        j1 = f64x2.add(j1, f64x2.pmin(zero, w1))
        const w2 = v128.load(row, 32)
        i2 = f64x2.add(i2, f64x2.pmax(zero, w2))
        j2 = f64x2.add(j2, f64x2.pmin(zero, w2))
        const w3 = v128.load(row, 48)
        i3 = f64x2.add(i3, f64x2.pmax(zero, w3))
        j3 = f64x2.add(j3, f64x2.pmin(zero, w3))
      }
    }
    if (instant == tail) break
    // The interval in which some may, one by one.
    if (instant == due) some |= open | releasedBy(load<f64>(instant, LAST))
    const toU = v128.load_splat<f64>(instant, DECAY_MEM)
    const toI = v128.load_splat<f64>(instant, DECAY_SYN)
    const across = v128.load_splat<f64>(instant, KAPPA)
    const toJ = v128.load_splat<f64>(by, INHIBITION_DECAY)
    const acrossJ = v128.load_splat<f64>(by, INHIBITION_KAPPA)
    inline.always(putRow(P_U, u0, u1, u2, u3))
    inline.always(putRow(P_I, i0, i1, i2, i3))
    inline.always(putRow(P_J, j0, j1, j2, j3))
    u0 = f64x2.add(f64x2.add(f64x2.mul(u0, toU), f64x2.mul(across, i0)), f64x2.mul(acrossJ, j0))
    u1 = f64x2.add(f64x2.add(f64x2.mul(u1, toU), f64x2.mul(across, i1)), f64x2.mul(acrossJ, j1))
    u2 = f64x2.add(f64x2.add(f64x2.mul(u2, toU), f64x2.mul(across, i2)), f64x2.mul(acrossJ, j2))
    u3 = f64x2.add(f64x2.add(f64x2.mul(u3, toU), f64x2.mul(across, i3)), f64x2.mul(acrossJ, j3))
    i0 = f64x2.mul(i0, toI)
    i1 = f64x2.mul(i1, toI)
    i2 = f64x2.mul(i2, toI)
    i3 = f64x2.mul(i3, toI)
    j0 = f64x2.mul(j0, toJ)
    j1 = f64x2.mul(j1, toJ)
    j2 = f64x2.mul(j2, toJ)
    j3 = f64x2.mul(j3, toJ)
    inline.always(putRow(NEXT_U, u0, u1, u2, u3))
    inline.always(putRow(NEXT_I, i0, i1, i2, i3))
    inline.always(putRow(NEXT_J, j0, j1, j2, j3))
    if (!runLanes(laneGroup, some, instant)) return
    u0 = v128.load(lanes + NEXT_U)
    u1 = v128.load(lanes + NEXT_U, 16)
    u2 = v128.load(lanes + NEXT_U, 32)
    u3 = v128.load(lanes + NEXT_U, 48)
    i0 = v128.load(lanes + NEXT_I)
    i1 = v128.load(lanes + NEXT_I, 16)
    i2 = v128.load(lanes + NEXT_I, 32)
    i3 = v128.load(lanes + NEXT_I, 48)
    j0 = v128.load(lanes + NEXT_J)
    j1 = v128.load(lanes + NEXT_J, 16)
    j2 = v128.load(lanes + NEXT_J, 32)
    j3 = v128.load(lanes + NEXT_J, 48)
    closeLanes()
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const row = laneWeights + <usize>load<u32>(arrival)
      const w0 = v128.load(row)
      i0 = f64x2.add(i0, f64x2.pmax(zero, w0))
      j0 = f64x2.add(j0, f64x2.pmin(zero, w0))
      const w1 = v128.load(row, 16)
      i1 = f64x2.add(i1, f64x2.pmax(zero, w1))
      j1 = f64x2.add(j1, f64x2.pmin(zero, w1))
      const w2 = v128.load(row, 32)
      i2 = f64x2.add(i2, f64x2.pmax(zero, w2))
      j2 = f64x2.add(j2, f64x2.pmin(zero, w2))
      const w3 = v128.load(row, 48)
      i3 = f64x2.add(i3, f64x2.pmax(zero, w3))
      j3 = f64x2.add(j3, f64x2.pmin(zero, w3))
    }
    instant += INSTANT
    by += INHIBITION
    due = nextDue(instant, tail)
  }
  const bound = v128.load_splat<f64>(tail, BOUND)
  const share = v128.load_splat<f64>(by, INHIBITION_SHARE)
  const m0 = mayCross(u0, i0, j0, bound, share, v128.load(lanes + TEST))
  const m1 = mayCross(u1, i1, j1, bound, share, v128.load(lanes + TEST, 16))
  const m2 = mayCross(u2, i2, j2, bound, share, v128.load(lanes + TEST, 32))
  const m3 = mayCross(u3, i3, j3, bound, share, v128.load(lanes + TEST, 48))
  const some = inline.always(bitsOf(m0, m1, m2, m3)) | open | releasedBy(load<f64>(tail, LAST))
  inline.always(putRow(P_U, u0, u1, u2, u3))
  inline.always(putRow(P_I, i0, i1, i2, i3))
  inline.always(putRow(P_J, j0, j1, j2, j3))
  if (!runOpenLanes(laneGroup, some, tail)) return
  countTrial(state == 0, first, tail)
  const kept = stateAfter(laneGroup, trial)
  if (kept == 0) return
  inline.always(storeRow(kept + STATE_U, u0, u1, u2, u3))
  inline.always(storeRow(kept + STATE_I, i0, i1, i2, i3))
  inline.always(storeRow(kept + STATE_J, j0, j1, j2, j3))
  putDownLanes(kept, laneGroup, trial, load<f64>(tail, START))
}

/** Of a pair of lanes, those that are not ruled out. */
function mayCross(u: v128, i: v128, j: v128, bound: v128, share: v128, test: v128): v128 {
  const zero = f64x2.splat(0)
  const current = f64x2.pmax(zero, f64x2.add(i, f64x2.mul(share, j)))
  return f64x2.ge(f64x2.add(f64x2.pmax(zero, u), f64x2.mul(bound, current)), test)
}

/** U to start from and what it is tested against; the intervals with their rows. */
function countTrial(isFirst: bool, first: usize, tail: usize): void {
  const rows = arrivalsFrom(first, tail)
  if (isFirst) countRead(STATE, 128)
  countRead(WEIGHTS, 64 * rows)
  countRead(SPIKES, 64 * intervalsTo(first, tail) + 4 * rows)
}
