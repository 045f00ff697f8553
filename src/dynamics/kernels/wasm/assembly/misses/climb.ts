import { anyOf, bitsOf, lanes, putRow } from '../lanes/lanes'
import { missWork } from '../schema/header'
import { I, U } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  BOUND,
  DECAY_MEM,
  DECAY_SYN,
  INSTANT,
  KAPPA,
  MISS_WORK_FLOOR,
  MISS_WORK_LEVEL,
} from '../schema/records'

/** The lanes, as bits, that have to be looked at in the interval that the last `climbToMiss` has returned. */
export let seen: i32 = 0

/**
 * Runs all lanes from right after the instant before one on, as long as none has to be looked at; returns the instant that ends
 * the interval in which some has, or `end`, with U and I where that interval begins. A lane has to be looked at that may come
 * near to its threshold and has a maximum, inside the interval or at its end, or whose U comes down to where its maximum counts.
 */
export function climbToMiss(from: usize, end: usize, laneWeights: usize): usize {
  const work = missWork()
  let u0 = v128.load(lanes + U)
  let u1 = v128.load(lanes + U, 16)
  let u2 = v128.load(lanes + U, 32)
  let u3 = v128.load(lanes + U, 48)
  let i0 = v128.load(lanes + I)
  let i1 = v128.load(lanes + I, 16)
  let i2 = v128.load(lanes + I, 32)
  let i3 = v128.load(lanes + I, 48)
  let instant = from
  seen = 0
  for (; instant < end; instant += INSTANT) {
    const bound = v128.load_splat<f64>(instant, BOUND)
    const toU = v128.load_splat<f64>(instant, DECAY_MEM)
    const toI = v128.load_splat<f64>(instant, DECAY_SYN)
    const across = v128.load_splat<f64>(instant, KAPPA)
    const v0 = f64x2.add(f64x2.mul(u0, toU), f64x2.mul(across, i0))
    const v1 = f64x2.add(f64x2.mul(u1, toU), f64x2.mul(across, i1))
    const v2 = f64x2.add(f64x2.mul(u2, toU), f64x2.mul(across, i2))
    const v3 = f64x2.add(f64x2.mul(u3, toU), f64x2.mul(across, i3))
    const e0 = f64x2.mul(i0, toI)
    const e1 = f64x2.mul(i1, toI)
    const e2 = f64x2.mul(i2, toI)
    const e3 = f64x2.mul(i3, toI)
    let j0 = e0
    let j1 = e1
    let j2 = e2
    let j3 = e3
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const row = laneWeights + <usize>load<u32>(arrival)
      j0 = f64x2.add(j0, v128.load(row))
      j1 = f64x2.add(j1, v128.load(row, 16))
      j2 = f64x2.add(j2, v128.load(row, 32))
      j3 = f64x2.add(j3, v128.load(row, 48))
    }
    const m0 = inline.always(isToBeSeen(work, u0, i0, bound, v0, e0, j0))
    const m1 = inline.always(isToBeSeen(work + 16, u1, i1, bound, v1, e1, j1))
    const m2 = inline.always(isToBeSeen(work + 32, u2, i2, bound, v2, e2, j2))
    const m3 = inline.always(isToBeSeen(work + 48, u3, i3, bound, v3, e3, j3))
    if (anyOf(m0, m1, m2, m3)) {
      seen = bitsOf(m0, m1, m2, m3)
      break
    }
    u0 = v0
    u1 = v1
    u2 = v2
    u3 = v3
    i0 = j0
    i1 = j1
    i2 = j2
    i3 = j3
  }
  inline.always(putRow(U, u0, u1, u2, u3))
  inline.always(putRow(I, i0, i1, i2, i3))
  return instant
}

/** Two lanes at `work`: U and I at the start of an interval, V and E at its end, and J after the arrivals there. */
function isToBeSeen(work: usize, u: v128, i: v128, bound: v128, v: v128, e: v128, j: v128): v128 {
  const zero = f64x2.splat(0)
  const most = f64x2.add(f64x2.pmax(zero, u), f64x2.mul(bound, f64x2.pmax(zero, i)))
  const rises = f64x2.gt(i, u)
  const stillRises = f64x2.gt(e, v)
  // Rising before and not after: inside of the interval, or by its arrivals.
  const turns = v128.or(v128.andnot(rises, stillRises), v128.andnot(stillRises, f64x2.gt(j, v)))
  const floor = v128.load(work, MISS_WORK_FLOOR)
  // U is lowest at an end, or inside of the interval where it first falls and then rises: there it is above e^{-D/tauMem} U + kappa I.
  const falls = v128.or(
    f64x2.le(v, floor),
    v128.and(v128.andnot(stillRises, rises), f64x2.gt(floor, f64x2.splat(-Infinity))),
  )
  return v128.or(v128.and(turns, f64x2.gt(most, v128.load(work, MISS_WORK_LEVEL))), falls)
}
