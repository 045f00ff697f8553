import { inhibitionOf } from '../events/instant-factors'
import { anyOf, lanes, putRow } from '../lanes/lanes'
import { boundTo, isPerNeuron, isTwo, isWide, propagateTo, work } from '../lanes/membrane'
import { perTauSyn, perTauSynInh, tauSyn, tauSynInh } from '../schema/header'
import { BEST, I, J, U } from '../schema/lanes'
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
  WORK_DECAY_MEM,
  WORK_DECAY_SYN,
  WORK_KAPPA,
} from '../schema/records'

/**
 * Runs the lanes through instants as long as none has a new maximum; returns the instant that ends an interval which has
 * one for some lane, or on which one sits, with the state before that interval in U, I and J. Of two currents the sum I + J
 * stands in the place of I: in an interval U may rise before it falls, or after it has fallen.
 */
export function climb<M>(from: usize, end: usize, laneWeights: usize): usize {
  const zero = f64x2.splat(0)
  let u0 = v128.load(lanes + U)
  let u1 = isWide<M>() ? v128.load(lanes + U, 16) : zero
  let u2 = isWide<M>() ? v128.load(lanes + U, 32) : zero
  let u3 = isWide<M>() ? v128.load(lanes + U, 48) : zero
  let i0 = v128.load(lanes + I)
  let i1 = isWide<M>() ? v128.load(lanes + I, 16) : zero
  let i2 = isWide<M>() ? v128.load(lanes + I, 32) : zero
  let i3 = isWide<M>() ? v128.load(lanes + I, 48) : zero
  let j0 = zero
  let j1 = zero
  let j2 = zero
  let j3 = zero
  let by: usize = 0
  if (isTwo<M>()) {
    j0 = v128.load(lanes + J)
    j1 = v128.load(lanes + J, 16)
    j2 = v128.load(lanes + J, 32)
    j3 = v128.load(lanes + J, 48)
    by = inhibitionOf(from)
  }
  let instant = from
  for (; instant < end; instant += INSTANT) {
    if (isPerNeuron<M>()) propagateTo(instant)
    const bound0 = isPerNeuron<M>() ? boundTo(instant, 0) : v128.load_splat<f64>(instant, BOUND)
    const bound1 = isPerNeuron<M>() ? boundTo(instant, 16) : bound0
    const bound2 = isPerNeuron<M>() ? boundTo(instant, 32) : bound0
    const bound3 = isPerNeuron<M>() ? boundTo(instant, 48) : bound0
    const share = isTwo<M>() ? v128.load_splat<f64>(by, INHIBITION_SHARE) : zero
    const m0 = inline.always(mayExceed<M>(u0, i0, j0, bound0, share, v128.load(lanes + BEST)))
    const m1 = isWide<M>() ? inline.always(mayExceed<M>(u1, i1, j1, bound1, share, v128.load(lanes + BEST, 16))) : zero
    const m2 = isWide<M>() ? inline.always(mayExceed<M>(u2, i2, j2, bound2, share, v128.load(lanes + BEST, 32))) : zero
    const m3 = isWide<M>() ? inline.always(mayExceed<M>(u3, i3, j3, bound3, share, v128.load(lanes + BEST, 48))) : zero
    const toU0 = isPerNeuron<M>() ? v128.load(work, WORK_DECAY_MEM) : v128.load_splat<f64>(instant, DECAY_MEM)
    const toU1 = isPerNeuron<M>() ? v128.load(work, WORK_DECAY_MEM + 16) : toU0
    const toU2 = isPerNeuron<M>() ? v128.load(work, WORK_DECAY_MEM + 32) : toU0
    const toU3 = isPerNeuron<M>() ? v128.load(work, WORK_DECAY_MEM + 48) : toU0
    const toI0 = isPerNeuron<M>() ? v128.load(work, WORK_DECAY_SYN) : v128.load_splat<f64>(instant, DECAY_SYN)
    const toI1 = isPerNeuron<M>() ? v128.load(work, WORK_DECAY_SYN + 16) : toI0
    const toI2 = isPerNeuron<M>() ? v128.load(work, WORK_DECAY_SYN + 32) : toI0
    const toI3 = isPerNeuron<M>() ? v128.load(work, WORK_DECAY_SYN + 48) : toI0
    const across0 = isPerNeuron<M>() ? v128.load(work, WORK_KAPPA) : v128.load_splat<f64>(instant, KAPPA)
    const across1 = isPerNeuron<M>() ? v128.load(work, WORK_KAPPA + 16) : across0
    const across2 = isPerNeuron<M>() ? v128.load(work, WORK_KAPPA + 32) : across0
    const across3 = isPerNeuron<M>() ? v128.load(work, WORK_KAPPA + 48) : across0
    // Right after the interval, and with each of its arrivals.
    let v0 = f64x2.add(f64x2.mul(u0, toU0), f64x2.mul(across0, i0))
    let v1 = isWide<M>() ? f64x2.add(f64x2.mul(u1, toU1), f64x2.mul(across1, i1)) : zero
    let v2 = isWide<M>() ? f64x2.add(f64x2.mul(u2, toU2), f64x2.mul(across2, i2)) : zero
    let v3 = isWide<M>() ? f64x2.add(f64x2.mul(u3, toU3), f64x2.mul(across3, i3)) : zero
    let x0 = f64x2.mul(i0, toI0)
    let x1 = isWide<M>() ? f64x2.mul(i1, toI1) : zero
    let x2 = isWide<M>() ? f64x2.mul(i2, toI2) : zero
    let x3 = isWide<M>() ? f64x2.mul(i3, toI3) : zero
    let y0 = zero
    let y1 = zero
    let y2 = zero
    let y3 = zero
    if (isTwo<M>()) {
      const toJ = v128.load_splat<f64>(by, INHIBITION_DECAY)
      const acrossJ = v128.load_splat<f64>(by, INHIBITION_KAPPA)
      by += INHIBITION
      v0 = f64x2.add(v0, f64x2.mul(acrossJ, j0))
      v1 = f64x2.add(v1, f64x2.mul(acrossJ, j1))
      v2 = f64x2.add(v2, f64x2.mul(acrossJ, j2))
      v3 = f64x2.add(v3, f64x2.mul(acrossJ, j3))
      y0 = f64x2.mul(j0, toJ)
      y1 = f64x2.mul(j1, toJ)
      y2 = f64x2.mul(j2, toJ)
      y3 = f64x2.mul(j3, toJ)
    }
    const mayRise = isWide<M>() ? inline.always(anyOf(m0, m1, m2, m3)) : v128.any_true(m0)
    let rises0 = zero
    let rises1 = zero
    let rises2 = zero
    let rises3 = zero
    let turns = zero
    if (mayRise) {
      // Rising before, not rising after: inside the interval, or at one of the arrivals. After long silence the slope rounds to 0.
      rises0 = v128.and(f64x2.gt(sumOf<M>(x0, y0), v0), m0)
      if (isWide<M>()) rises1 = v128.and(f64x2.gt(sumOf<M>(x1, y1), v1), m1)
      if (isWide<M>()) rises2 = v128.and(f64x2.gt(sumOf<M>(x2, y2), v2), m2)
      if (isWide<M>()) rises3 = v128.and(f64x2.gt(sumOf<M>(x3, y3), v3), m3)
      turns = turned<M>(i0, j0, u0, v0, m0, rises0)
      if (isWide<M>()) {
        const more = v128.or(turned<M>(i2, j2, u2, v2, m2, rises2), turned<M>(i3, j3, u3, v3, m3, rises3))
        turns = v128.or(v128.or(turns, turned<M>(i1, j1, u1, v1, m1, rises1)), more)
      }
    }
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const row = laneWeights + <usize>load<u32>(arrival)
      const w0 = v128.load(row)
      const w1 = isWide<M>() ? v128.load(row, 16) : zero
      const w2 = isWide<M>() ? v128.load(row, 32) : zero
      const w3 = isWide<M>() ? v128.load(row, 48) : zero
      x0 = f64x2.add(x0, isTwo<M>() ? f64x2.pmax(zero, w0) : w0)
      if (isWide<M>()) x1 = f64x2.add(x1, isTwo<M>() ? f64x2.pmax(zero, w1) : w1)
      if (isWide<M>()) x2 = f64x2.add(x2, isTwo<M>() ? f64x2.pmax(zero, w2) : w2)
      if (isWide<M>()) x3 = f64x2.add(x3, isTwo<M>() ? f64x2.pmax(zero, w3) : w3)
      if (isTwo<M>()) {
        y0 = f64x2.add(y0, f64x2.pmin(zero, w0))
        y1 = f64x2.add(y1, f64x2.pmin(zero, w1))
        y2 = f64x2.add(y2, f64x2.pmin(zero, w2))
        y3 = f64x2.add(y3, f64x2.pmin(zero, w3))
      }
      if (!mayRise) continue
      const now0 = v128.and(f64x2.gt(sumOf<M>(x0, y0), v0), m0)
      const now1 = isWide<M>() ? v128.and(f64x2.gt(sumOf<M>(x1, y1), v1), m1) : zero
      const now2 = isWide<M>() ? v128.and(f64x2.gt(sumOf<M>(x2, y2), v2), m2) : zero
      const now3 = isWide<M>() ? v128.and(f64x2.gt(sumOf<M>(x3, y3), v3), m3) : zero
      turns = v128.or(turns, v128.andnot(rises0, now0))
      if (isWide<M>()) {
        const more = v128.or(v128.andnot(rises2, now2), v128.andnot(rises3, now3))
        turns = v128.or(v128.or(turns, v128.andnot(rises1, now1)), more)
      }
      rises0 = now0
      rises1 = now1
      rises2 = now2
      rises3 = now3
    }
    if (mayRise && v128.any_true(turns)) break
    u0 = v0
    u1 = v1
    u2 = v2
    u3 = v3
    i0 = x0
    i1 = x1
    i2 = x2
    i3 = x3
    if (isTwo<M>()) {
      j0 = y0
      j1 = y1
      j2 = y2
      j3 = y3
    }
  }
  inline.always(putRow(U, u0, u1, u2, u3))
  inline.always(putRow(I, i0, i1, i2, i3))
  if (isTwo<M>()) inline.always(putRow(J, j0, j1, j2, j3))
  return instant
}

/** Of a pair of lanes, those that may get higher than so far in an interval. */
export function mayExceed<M>(u: v128, i: v128, j: v128, bound: v128, share: v128, best: v128): v128 {
  const zero = f64x2.splat(0)
  const current = f64x2.pmax(zero, isTwo<M>() ? f64x2.add(i, f64x2.mul(share, j)) : i)
  return f64x2.gt(f64x2.add(f64x2.pmax(zero, u), f64x2.mul(bound, current)), best)
}

/**
 * Of some lanes, those that may have a maximum inside an interval. They rise before and not at its end; or, of two currents, at both
 * ends, if inhibition that lasts longer takes U below rest; or at neither, if inhibition goes first and prevails at the start.
 *
 * @param v U at the end
 * @param rises at the end
 */
export function turned<M>(i: v128, j: v128, u: v128, v: v128, among: v128, rises: v128): v128 {
  const rose = v128.and(f64x2.gt(sumOf<M>(i, j), u), among)
  const fell = v128.andnot(rose, rises)
  if (!isTwo<M>()) return fell
  if (!(tauSynInh() < tauSyn())) return v128.or(fell, v128.and(rose, f64x2.lt(v, f64x2.splat(0))))
  const driven = f64x2.add(f64x2.mul(i, f64x2.splat(perTauSyn())), f64x2.mul(j, f64x2.splat(perTauSynInh())))
  const delayed = v128.and(among, f64x2.lt(driven, f64x2.splat(0)))
  return v128.or(fell, v128.andnot(delayed, v128.or(rises, rose)))
}

/** The current of pairs of lanes. */
export function sumOf<M>(i: v128, j: v128): v128 {
  return isTwo<M>() ? f64x2.add(i, j) : i
}
