import { inhibitionOf } from '../events/instant-factors'
import { anyOf, bitsOf, lanes, putRow } from '../lanes/lanes'
import { boundTo, isOne, isPerNeuron, isTwo, propagateTo, work } from '../lanes/membrane'
import { LEAST_QUIET, NEXT_I, NEXT_J, NEXT_U, P_I, P_J, P_U, QUIET, TEST } from '../schema/lanes'
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
  Work,
} from '../schema/records'

/** The lanes, as bits, that may cross their threshold in the interval in which the last `sweep` over one current has ended. */
export let suspects: i32 = 0

/**
 * Brings the state of all lanes from right after the instant before one to right before another, `end`, as long as no lane may cross
 * its threshold on the way (quiet.ts, or `mayCrossPair`); returns the instant that ends the interval in which some may, with the state
 * where it begins in P_U, P_I and P_J, or `end`. Of one current NEXT_U and NEXT_I have the end of that interval, and `suspects` is the
 * lanes.
 *
 * State lies in memory between calls, and nothing else is called but for factors of each lane, so that all of it has registers.
 *
 * @param isPassed the state is that right before the arrivals of `from`, in NEXT_U, NEXT_I and NEXT_J, not that in P_U, P_I and P_J
 */
export function sweep<M>(from: usize, end: usize, laneWeights: usize, isPassed: bool): usize {
  const zero = f64x2.splat(0)
  const begunU = lanes + (isPassed ? NEXT_U : P_U)
  const begunI = lanes + (isPassed ? NEXT_I : P_I)
  let u0 = v128.load(begunU)
  let u1 = v128.load(begunU, 16)
  let u2 = v128.load(begunU, 32)
  let u3 = v128.load(begunU, 48)
  let i0 = v128.load(begunI)
  let i1 = v128.load(begunI, 16)
  let i2 = v128.load(begunI, 32)
  let i3 = v128.load(begunI, 48)
  let j0 = zero
  let j1 = zero
  let j2 = zero
  let j3 = zero
  let by: usize = 0
  if (isTwo<M>()) {
    const begunJ = lanes + (isPassed ? NEXT_J : P_J)
    j0 = v128.load(begunJ)
    j1 = v128.load(begunJ, 16)
    j2 = v128.load(begunJ, 32)
    j3 = v128.load(begunJ, 48)
    by = inhibitionOf(isPassed ? from + INSTANT : from)
  }
  let instant = from
  const quiet = isOne<M>() ? load<f64>(lanes, LEAST_QUIET) : 0
  let most = isOne<M>() ? f64x2.pmax(f64x2.pmax(u0, u1), f64x2.pmax(u2, u3)) : zero
  for (let isDue = isPassed; ; isDue = true) {
    if (isDue) {
      const stop = <usize>load<u32>(instant, ARRIVALS_END)
      for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
        const row = laneWeights + <usize>load<u32>(arrival)
        if (isTwo<M>()) {
          const w0 = v128.load(row)
          const w1 = v128.load(row, 16)
          const w2 = v128.load(row, 32)
          const w3 = v128.load(row, 48)
          i0 = f64x2.add(i0, f64x2.pmax(zero, w0))
          i1 = f64x2.add(i1, f64x2.pmax(zero, w1))
          i2 = f64x2.add(i2, f64x2.pmax(zero, w2))
          i3 = f64x2.add(i3, f64x2.pmax(zero, w3))
          j0 = f64x2.add(j0, f64x2.pmin(zero, w0))
          j1 = f64x2.add(j1, f64x2.pmin(zero, w1))
          j2 = f64x2.add(j2, f64x2.pmin(zero, w2))
          j3 = f64x2.add(j3, f64x2.pmin(zero, w3))
        } else {
          i0 = f64x2.add(i0, v128.load(row))
          i1 = f64x2.add(i1, v128.load(row, 16))
          i2 = f64x2.add(i2, v128.load(row, 32))
          i3 = f64x2.add(i3, v128.load(row, 48))
        }
      }
      instant += INSTANT
    }
    if (instant >= end) break
    if (isPerNeuron<M>()) propagateTo(instant)
    const toU0 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_MEM) : v128.load_splat<f64>(instant, DECAY_MEM)
    const toU1 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_MEM + 16) : toU0
    const toU2 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_MEM + 32) : toU0
    const toU3 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_MEM + 48) : toU0
    const across0 = isPerNeuron<M>() ? v128.load(work, Work.KAPPA) : v128.load_splat<f64>(instant, KAPPA)
    const across1 = isPerNeuron<M>() ? v128.load(work, Work.KAPPA + 16) : across0
    const across2 = isPerNeuron<M>() ? v128.load(work, Work.KAPPA + 32) : across0
    const across3 = isPerNeuron<M>() ? v128.load(work, Work.KAPPA + 48) : across0
    let next0 = f64x2.add(f64x2.mul(u0, toU0), f64x2.mul(across0, i0))
    let next1 = f64x2.add(f64x2.mul(u1, toU1), f64x2.mul(across1, i1))
    let next2 = f64x2.add(f64x2.mul(u2, toU2), f64x2.mul(across2, i2))
    let next3 = f64x2.add(f64x2.mul(u3, toU3), f64x2.mul(across3, i3))
    if (!isOne<M>()) {
      const bound0 = isPerNeuron<M>() ? boundTo(instant, 0) : v128.load_splat<f64>(instant, BOUND)
      const bound1 = isPerNeuron<M>() ? boundTo(instant, 16) : bound0
      const bound2 = isPerNeuron<M>() ? boundTo(instant, 32) : bound0
      const bound3 = isPerNeuron<M>() ? boundTo(instant, 48) : bound0
      const share = isTwo<M>() ? v128.load_splat<f64>(by, INHIBITION_SHARE) : zero
      const m0 = inline.always(mayCrossPair<M>(u0, i0, j0, bound0, share, v128.load(lanes + TEST)))
      const m1 = inline.always(mayCrossPair<M>(u1, i1, j1, bound1, share, v128.load(lanes + TEST, 16)))
      const m2 = inline.always(mayCrossPair<M>(u2, i2, j2, bound2, share, v128.load(lanes + TEST, 32)))
      const m3 = inline.always(mayCrossPair<M>(u3, i3, j3, bound3, share, v128.load(lanes + TEST, 48)))
      if (inline.always(anyOf(m0, m1, m2, m3))) break
    } else {
      const top = f64x2.pmax(f64x2.pmax(next0, next1), f64x2.pmax(next2, next3))
      const level = f64x2.splat(load<f64>(instant, DECAY_MEM) * quiet)
      const isQuiet = f64x2.lt(f64x2.pmax(most, top), level)
      most = top
      if (i64x2.bitmask(isQuiet) != 3) {
        const m0 = f64x2.lt(f64x2.pmax(u0, next0), f64x2.mul(toU0, v128.load(lanes + QUIET)))
        const m1 = f64x2.lt(f64x2.pmax(u1, next1), f64x2.mul(toU0, v128.load(lanes + QUIET, 16)))
        const m2 = f64x2.lt(f64x2.pmax(u2, next2), f64x2.mul(toU0, v128.load(lanes + QUIET, 32)))
        const m3 = f64x2.lt(f64x2.pmax(u3, next3), f64x2.mul(toU0, v128.load(lanes + QUIET, 48)))
        if (!i64x2.all_true(v128.and(v128.and(m0, m1), v128.and(m2, m3)))) {
          suspects = inline.always(bitsOf(m0, m1, m2, m3)) ^ 255
          const toI = v128.load_splat<f64>(instant, DECAY_SYN)
          inline.always(putRow(NEXT_U, next0, next1, next2, next3))
          inline.always(putRow(NEXT_I, f64x2.mul(i0, toI), f64x2.mul(i1, toI), f64x2.mul(i2, toI), f64x2.mul(i3, toI)))
          break
        }
      }
    }
    if (isTwo<M>()) {
      const acrossJ = v128.load_splat<f64>(by, INHIBITION_KAPPA)
      next0 = f64x2.add(next0, f64x2.mul(acrossJ, j0))
      next1 = f64x2.add(next1, f64x2.mul(acrossJ, j1))
      next2 = f64x2.add(next2, f64x2.mul(acrossJ, j2))
      next3 = f64x2.add(next3, f64x2.mul(acrossJ, j3))
      const toJ = v128.load_splat<f64>(by, INHIBITION_DECAY)
      j0 = f64x2.mul(j0, toJ)
      j1 = f64x2.mul(j1, toJ)
      j2 = f64x2.mul(j2, toJ)
      j3 = f64x2.mul(j3, toJ)
      by += INHIBITION
    }
    const toI0 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_SYN) : v128.load_splat<f64>(instant, DECAY_SYN)
    const toI1 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_SYN + 16) : toI0
    const toI2 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_SYN + 32) : toI0
    const toI3 = isPerNeuron<M>() ? v128.load(work, Work.DECAY_SYN + 48) : toI0
    u0 = next0
    u1 = next1
    u2 = next2
    u3 = next3
    i0 = f64x2.mul(i0, toI0)
    i1 = f64x2.mul(i1, toI1)
    i2 = f64x2.mul(i2, toI2)
    i3 = f64x2.mul(i3, toI3)
  }
  inline.always(putRow(P_U, u0, u1, u2, u3))
  inline.always(putRow(P_I, i0, i1, i2, i3))
  if (isTwo<M>()) inline.always(putRow(P_J, j0, j1, j2, j3))
  return instant
}

/**
 * Of a pair of lanes those that may cross their threshold in an interval. As inhibition at least has a share of itself in U (see
 * `leastShare`), one does not while
 *
 *     max(U, 0) + kappa(min(D, Dpeak)) max(I + share J, 0) < test
 */
export function mayCrossPair<M>(u: v128, i: v128, j: v128, bound: v128, share: v128, test: v128): v128 {
  const zero = f64x2.splat(0)
  const driving = isTwo<M>() ? f64x2.add(i, f64x2.mul(share, j)) : i
  const most = f64x2.add(f64x2.pmax(zero, u), f64x2.mul(bound, f64x2.pmax(zero, driving)))
  return f64x2.ge(most, test)
}
