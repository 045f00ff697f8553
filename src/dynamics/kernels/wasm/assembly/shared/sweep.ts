import { lanes, putRow } from '../lanes/lanes'
import { P_I, P_U, QUIET } from '../schema/lanes'
import { ARRIVAL, ARRIVALS, ARRIVALS_END, DECAY_MEM, DECAY_SYN, INSTANT, KAPPA } from '../schema/records'

/**
 * Brings U and I of all lanes, in P_U and P_I, from right after the instant before one to right before another, `end`, as long as
 * no lane may cross its threshold on the way (quiet.ts); returns the instant that ends the interval in which some may, with U and I
 * where it begins, or `end`.
 *
 * State lies in memory between calls, and nothing else is called, so that all of it has registers.
 */
export function sweep(from: usize, end: usize, laneWeights: usize): usize {
  let u0 = v128.load(lanes + P_U)
  let u1 = v128.load(lanes + P_U, 16)
  let u2 = v128.load(lanes + P_U, 32)
  let u3 = v128.load(lanes + P_U, 48)
  let i0 = v128.load(lanes + P_I)
  let i1 = v128.load(lanes + P_I, 16)
  let i2 = v128.load(lanes + P_I, 32)
  let i3 = v128.load(lanes + P_I, 48)
  let instant = from
  for (; instant < end; instant += INSTANT) {
    const toU = v128.load_splat<f64>(instant, DECAY_MEM)
    const across = v128.load_splat<f64>(instant, KAPPA)
    const next0 = f64x2.add(f64x2.mul(u0, toU), f64x2.mul(across, i0))
    const next1 = f64x2.add(f64x2.mul(u1, toU), f64x2.mul(across, i1))
    const next2 = f64x2.add(f64x2.mul(u2, toU), f64x2.mul(across, i2))
    const next3 = f64x2.add(f64x2.mul(u3, toU), f64x2.mul(across, i3))
    const m0 = f64x2.lt(f64x2.pmax(u0, next0), f64x2.mul(toU, v128.load(lanes + QUIET)))
    const m1 = f64x2.lt(f64x2.pmax(u1, next1), f64x2.mul(toU, v128.load(lanes + QUIET, 16)))
    const m2 = f64x2.lt(f64x2.pmax(u2, next2), f64x2.mul(toU, v128.load(lanes + QUIET, 32)))
    const m3 = f64x2.lt(f64x2.pmax(u3, next3), f64x2.mul(toU, v128.load(lanes + QUIET, 48)))
    if (!i64x2.all_true(v128.and(v128.and(m0, m1), v128.and(m2, m3)))) break
    const toI = v128.load_splat<f64>(instant, DECAY_SYN)
    u0 = next0
    u1 = next1
    u2 = next2
    u3 = next3
    i0 = f64x2.mul(i0, toI)
    i1 = f64x2.mul(i1, toI)
    i2 = f64x2.mul(i2, toI)
    i3 = f64x2.mul(i3, toI)
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const row = laneWeights + <usize>load<u32>(arrival)
      i0 = f64x2.add(i0, v128.load(row))
      i1 = f64x2.add(i1, v128.load(row, 16))
      i2 = f64x2.add(i2, v128.load(row, 32))
      i3 = f64x2.add(i3, v128.load(row, 48))
    }
  }
  inline.always(putRow(P_U, u0, u1, u2, u3))
  inline.always(putRow(P_I, i0, i1, i2, i3))
  return instant
}
