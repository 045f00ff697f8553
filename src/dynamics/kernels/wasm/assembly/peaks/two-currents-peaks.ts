import { height, look } from '../equations/course'
import { maximumOfTwo } from '../equations/two-currents-maximum'
import { inhibitionOf } from '../events/inhibition-instants'
import { beginOf } from '../events/instants'
import { anyOf, lane, lanes, putRow, setLane } from '../lanes/lanes'
import { PEAK_INSIDE, PEAK_ON_ARRIVAL } from '../schema/constants'
import { perTauSyn, perTauSynInh, tauMem, tauSyn, tauSynInh } from '../schema/header'
import { BEST, I, J, NEXT_I, NEXT_J, NEXT_U, U } from '../schema/lanes'
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
  ROW,
  START,
  TIME,
} from '../schema/records'
import { consider, considerInside, noteArrival } from './peak-notes'

/**
 * The same as `climb` with two synaptic currents, whose sum I + J stands in the place of I. In an interval U may rise before
 * it falls, or after it has fallen: at both of its ends a lane may rise, or fall, and have a maximum inside.
 */
export function climbTwo(from: usize, end: usize, laneWeights: usize): usize {
  const zero = f64x2.splat(0)
  let u0 = v128.load(lanes + U)
  let u1 = v128.load(lanes + U, 16)
  let u2 = v128.load(lanes + U, 32)
  let u3 = v128.load(lanes + U, 48)
  let i0 = v128.load(lanes + I)
  let i1 = v128.load(lanes + I, 16)
  let i2 = v128.load(lanes + I, 32)
  let i3 = v128.load(lanes + I, 48)
  let j0 = v128.load(lanes + J)
  let j1 = v128.load(lanes + J, 16)
  let j2 = v128.load(lanes + J, 32)
  let j3 = v128.load(lanes + J, 48)
  const goesFirst = tauSynInh() < tauSyn()
  let instant = from
  let by = inhibitionOf(from)
  for (; instant < end; instant += INSTANT, by += INHIBITION) {
    const bound = v128.load_splat<f64>(instant, BOUND)
    const share = v128.load_splat<f64>(by, INHIBITION_SHARE)
    const m0 = mayExceed(u0, i0, j0, bound, share, v128.load(lanes + BEST))
    const m1 = mayExceed(u1, i1, j1, bound, share, v128.load(lanes + BEST, 16))
    const m2 = mayExceed(u2, i2, j2, bound, share, v128.load(lanes + BEST, 32))
    const m3 = mayExceed(u3, i3, j3, bound, share, v128.load(lanes + BEST, 48))
    const toU = v128.load_splat<f64>(instant, DECAY_MEM)
    const toI = v128.load_splat<f64>(instant, DECAY_SYN)
    const across = v128.load_splat<f64>(instant, KAPPA)
    const toJ = v128.load_splat<f64>(by, INHIBITION_DECAY)
    const acrossJ = v128.load_splat<f64>(by, INHIBITION_KAPPA)
    const arrival = <usize>load<u32>(instant, ARRIVALS)
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    if (!inline.always(anyOf(m0, m1, m2, m3))) {
      u0 = f64x2.add(f64x2.add(f64x2.mul(u0, toU), f64x2.mul(across, i0)), f64x2.mul(acrossJ, j0))
      u1 = f64x2.add(f64x2.add(f64x2.mul(u1, toU), f64x2.mul(across, i1)), f64x2.mul(acrossJ, j1))
      u2 = f64x2.add(f64x2.add(f64x2.mul(u2, toU), f64x2.mul(across, i2)), f64x2.mul(acrossJ, j2))
      u3 = f64x2.add(f64x2.add(f64x2.mul(u3, toU), f64x2.mul(across, i3)), f64x2.mul(acrossJ, j3))
      i0 = f64x2.mul(i0, toI)
      j0 = f64x2.mul(j0, toJ)
      i1 = f64x2.mul(i1, toI)
      j1 = f64x2.mul(j1, toJ)
      i2 = f64x2.mul(i2, toI)
      j2 = f64x2.mul(j2, toJ)
      i3 = f64x2.mul(i3, toI)
      j3 = f64x2.mul(j3, toJ)
      for (let a = arrival; a < stop; a += ARRIVAL) {
        const row = laneWeights + <usize>load<u32>(a)
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
      continue
    }
    // Rising before, not rising after: inside the interval, or at one of the arrivals. At the bias the slope rounds to 0.
    const v0 = f64x2.add(f64x2.add(f64x2.mul(u0, toU), f64x2.mul(across, i0)), f64x2.mul(acrossJ, j0))
    const v1 = f64x2.add(f64x2.add(f64x2.mul(u1, toU), f64x2.mul(across, i1)), f64x2.mul(acrossJ, j1))
    const v2 = f64x2.add(f64x2.add(f64x2.mul(u2, toU), f64x2.mul(across, i2)), f64x2.mul(acrossJ, j2))
    const v3 = f64x2.add(f64x2.add(f64x2.mul(u3, toU), f64x2.mul(across, i3)), f64x2.mul(acrossJ, j3))
    let x0 = f64x2.mul(i0, toI)
    let y0 = f64x2.mul(j0, toJ)
    let x1 = f64x2.mul(i1, toI)
    let y1 = f64x2.mul(j1, toJ)
    let x2 = f64x2.mul(i2, toI)
    let y2 = f64x2.mul(j2, toJ)
    let x3 = f64x2.mul(i3, toI)
    let y3 = f64x2.mul(j3, toJ)
    let rises0 = v128.and(f64x2.ge(f64x2.add(x0, y0), v0), m0)
    let rises1 = v128.and(f64x2.ge(f64x2.add(x1, y1), v1), m1)
    let rises2 = v128.and(f64x2.ge(f64x2.add(x2, y2), v2), m2)
    let rises3 = v128.and(f64x2.ge(f64x2.add(x3, y3), v3), m3)
    let turns = v128.or(
      v128.or(turned(i0, j0, u0, v0, m0, rises0, goesFirst), turned(i1, j1, u1, v1, m1, rises1, goesFirst)),
      v128.or(turned(i2, j2, u2, v2, m2, rises2, goesFirst), turned(i3, j3, u3, v3, m3, rises3, goesFirst)),
    )
    for (let a = arrival; a < stop; a += ARRIVAL) {
      const row = laneWeights + <usize>load<u32>(a)
      const w0 = v128.load(row)
      x0 = f64x2.add(x0, f64x2.pmax(zero, w0))
      y0 = f64x2.add(y0, f64x2.pmin(zero, w0))
      const w1 = v128.load(row, 16)
      x1 = f64x2.add(x1, f64x2.pmax(zero, w1))
      y1 = f64x2.add(y1, f64x2.pmin(zero, w1))
      const w2 = v128.load(row, 32)
      x2 = f64x2.add(x2, f64x2.pmax(zero, w2))
      y2 = f64x2.add(y2, f64x2.pmin(zero, w2))
      const w3 = v128.load(row, 48)
      x3 = f64x2.add(x3, f64x2.pmax(zero, w3))
      y3 = f64x2.add(y3, f64x2.pmin(zero, w3))
      const now0 = v128.and(f64x2.gt(f64x2.add(x0, y0), v0), m0)
      const now1 = v128.and(f64x2.gt(f64x2.add(x1, y1), v1), m1)
      const now2 = v128.and(f64x2.gt(f64x2.add(x2, y2), v2), m2)
      const now3 = v128.and(f64x2.gt(f64x2.add(x3, y3), v3), m3)
      const lost = v128.or(
        v128.or(v128.andnot(rises0, now0), v128.andnot(rises1, now1)),
        v128.or(v128.andnot(rises2, now2), v128.andnot(rises3, now3)),
      )
      turns = v128.or(turns, lost)
      rises0 = now0
      rises1 = now1
      rises2 = now2
      rises3 = now3
    }
    if (v128.any_true(turns)) break
    u0 = v0
    u1 = v1
    u2 = v2
    u3 = v3
    i0 = x0
    j0 = y0
    i1 = x1
    j1 = y1
    i2 = x2
    j2 = y2
    i3 = x3
    j3 = y3
  }
  inline.always(putRow(U, u0, u1, u2, u3))
  inline.always(putRow(I, i0, i1, i2, i3))
  inline.always(putRow(J, j0, j1, j2, j3))
  return instant
}

/** Of a pair of lanes, those that may get higher than so far. */
function mayExceed(u: v128, i: v128, j: v128, bound: v128, share: v128, best: v128): v128 {
  const zero = f64x2.splat(0)
  const current = f64x2.pmax(zero, f64x2.add(i, f64x2.mul(share, j)))
  return f64x2.gt(f64x2.add(f64x2.pmax(zero, u), f64x2.mul(bound, current)), best)
}

/**
 * Of some lanes, those that may have a maximum inside an interval. They rise before and not at its end; or at both ends, if
 * inhibition that lasts longer takes U below rest; or at neither, if inhibition goes first and prevails at the start.
 *
 * @param v U at the end
 * @param rises at the end
 */
function turned(i: v128, j: v128, u: v128, v: v128, among: v128, rises: v128, goesFirst: bool): v128 {
  const rose = v128.and(f64x2.gt(f64x2.add(i, j), u), among)
  const fell = v128.andnot(rose, rises)
  if (!goesFirst) return v128.or(fell, v128.and(rose, f64x2.lt(v, f64x2.splat(0))))
  const driven = f64x2.add(f64x2.mul(i, f64x2.splat(perTauSyn())), f64x2.mul(j, f64x2.splat(perTauSynInh())))
  const delayed = v128.and(among, f64x2.lt(driven, f64x2.splat(0)))
  return v128.or(fell, v128.andnot(delayed, v128.or(rises, rose)))
}

/** The same as `passInterval` with two synaptic currents. */
export function passIntervalTwo(laneGroup: i32, trial: i32, instant: usize, laneWeights: usize, isEnd: bool): void {
  const by = inhibitionOf(instant)
  const bound = load<f64>(instant, BOUND)
  const share = load<f64>(by, INHIBITION_SHARE)
  const start = load<f64>(instant, START)
  const end = load<f64>(instant, TIME)
  const d = end - start
  for (let n = 0; n < 8; n++) {
    const u = lane(U, n)
    let i = lane(I, n)
    let j = lane(J, n)
    const counts = max(u, 0) + bound * max(i + share * j, 0) > lane(BEST, n)
    if (counts) considerCourse(laneGroup, trial, n, beginOf(trial, instant), start, u, i, j, d)
    // With the roundings of `climbTwo`.
    const uExcited = u * load<f64>(instant, DECAY_MEM) + load<f64>(instant, KAPPA) * i
    const uNext = uExcited + load<f64>(by, INHIBITION_KAPPA) * j
    if (counts && isEnd && d < Infinity)
      consider(laneGroup, trial, n, uNext, end, PEAK_INSIDE, beginOf(trial, instant), 0)
    i *= load<f64>(instant, DECAY_SYN)
    j *= load<f64>(by, INHIBITION_DECAY)
    const stop = <usize>load<u32>(instant, ARRIVALS_END)
    for (let arrival = <usize>load<u32>(instant, ARRIVALS); arrival < stop; arrival += ARRIVAL) {
      const before = i + j - uNext
      const w = load<f64>(laneWeights + <usize>load<u32>(arrival, ROW) + 8 * <usize>n)
      if (w >= 0) i += w
      else j += w
      if (!counts || before < 0 || i + j > uNext) continue
      if (consider(laneGroup, trial, n, uNext, end, PEAK_ON_ARRIVAL, instant, before / tauMem()))
        noteArrival(laneGroup, trial, n, arrival)
    }
    setLane(NEXT_U, n, uNext)
    setLane(NEXT_I, n, i)
    setLane(NEXT_J, n, j)
  }
  memory.copy(lanes + U, lanes + NEXT_U, 64)
  memory.copy(lanes + I, lanes + NEXT_I, 64)
  memory.copy(lanes + J, lanes + NEXT_J, 64)
}

/** The maximum inside an interval of d ms. */
export function considerCourse(
  laneGroup: i32,
  trial: i32,
  n: i32,
  instant: usize,
  start: f64,
  u: f64,
  i: f64,
  j: f64,
  d: f64,
): bool {
  if (j == 0) return i > u && considerInside(laneGroup, trial, n, instant, start, u, i, d)
  const t = maximumOfTwo(u, i, j, d)
  if (!(t >= 0 && t < d)) return false
  look(t)
  return consider(laneGroup, trial, n, height, start + t, PEAK_INSIDE, instant, 0)
}
