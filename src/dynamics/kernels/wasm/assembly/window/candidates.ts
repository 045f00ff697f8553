import { exp } from '../numerics/exp'
import { tauAdapt } from '../schema/header'
import {
  adaptations,
  adapted,
  binEnd,
  binKappa,
  candidates,
  endShare,
  heldCount,
  heldNeurons,
  heldUntil,
  keeps,
  levels,
  limits,
  logHeads,
  neurons,
  restless,
  restlessCount,
  runningMaxima,
  states,
  walkFlags,
} from '../schema/window-header'
import {
  COURSE_BIN_GROWTH,
  COURSE_BIN_KAPPAS,
  COURSE_BIN_MEM,
  COURSE_BIN_SYNS,
  COURSE_TAU_ADAPT,
  UNSCALED_CURRENTS,
  UNSCALED_STATE,
  UNSCALED_SUMS,
  UNSCALED_VOLTAGE,
} from '../schema/window-records'
import { courseOf } from './unscaled/propagator'

/** Rounding allowance of the bounds, relative to their largest terms: for the arithmetic, and for each arrival in a sum. */
export const MARGIN: f64 = 1e-13
const MARGIN_OF_ARRIVAL: f64 = 2.220446049250313e-16

/** Where a log ends. */
export const NO_ENTRY: u32 = 0xffffffff

let count: i32 = 0

/**
 * Lists the neurons that have to walk through the bin event by event; returns their number.
 *
 * The others provably stay below their threshold, and do not come above the maximum so far where that is wanted. With the
 * arrivals that excite alone, which are what the sums have by now, U(t) e^{-(end - t)/tauMem} would never fall if I were not
 * below 0 at the start:
 *
 *     U(t) <= (U(end) + kappa(bin) max(-I, 0)) e^{bin/tauMem}
 *
 * @param mostArrivals at one neuron; a walk adds them up in another order
 */
export function chooseCandidates(sums: usize, mostArrivals: f64): i32 {
  const all = neurons()
  beginCandidates()
  for (let k = 0; k < restlessCount(); k++) add(load<i32>(restless() + 4 * <usize>k))
  // The share of the current at the end of the bin, seen from there like the scaled voltage.
  const ofCurrent = f64x2.splat(endShare())
  const kappa = f64x2.splat((binKappa() / f64x2.extract_lane(keeps(), 1)) * (1 + MARGIN))
  const kept = f64x2.splat(f64x2.extract_lane(keeps(), 1))
  const zero = f64x2.splat(0)
  const margin = f64x2.splat(MARGIN + MARGIN_OF_ARRIVAL * mostArrivals)
  let state = states()
  let limit = runningMaxima() == 0 ? limits() : lowestLevels()
  for (let n = 0; n < all; n += 2) {
    const before = v128.load(state)
    const other = v128.load(state, 16)
    const first = f64x2.add(before, v128.load(sums))
    const second = f64x2.add(other, v128.load(sums, 16))
    const current = f64x2.mul(ofCurrent, v128.shuffle<i64>(first, second, 0, 2))
    const scaled = v128.shuffle<i64>(first, second, 1, 3)
    const end = f64x2.sub(scaled, current)
    const lacking = f64x2.max(f64x2.neg(v128.shuffle<i64>(before, other, 0, 2)), zero)
    const rounding = f64x2.mul(margin, f64x2.add(f64x2.abs(scaled), f64x2.abs(current)))
    const most = f64x2.add(f64x2.max(end, f64x2.mul(end, kept)), f64x2.add(f64x2.mul(kappa, lacking), rounding))
    const below = i64x2.bitmask(f64x2.lt(most, v128.load(limit)))
    if (below != 3) {
      if (!(below & 1) && !isRaised(n, tauAdapt(), f64x2.extract_lane(most, 0), load<f64>(limit))) add(n)
      if (!(below & 2) && n + 1 < all && !isRaised(n + 1, tauAdapt(), f64x2.extract_lane(most, 1), load<f64>(limit, 8)))
        add(n + 1)
    }
    state += 32
    limit += 16
    sums += 32
  }
  return count
}

/**
 * The same of neurons that are not scaled. With the arrivals that excite alone, I + J >= -lack within the bin, where
 *
 *     lack = max(-J - I e^{-bin/tauSyn}, 0)        U(t) e^{t/tauMem} <= U(bin) e^{bin/tauMem} + lack (e^{bin/tauMem} - e^{t/tauMem})
 *
 * for I from before decays no faster, and J as it is at first is the most that inhibits. Arrivals that inhibit lower U.
 */
export function chooseUnscaledCandidates(sums: usize, mostArrivals: f64): i32 {
  beginCandidates()
  const all = neurons()
  const margin = MARGIN + MARGIN_OF_ARRIVAL * mostArrivals
  let state = states()
  let limit = runningMaxima() == 0 ? limits() : lowestLevels()
  for (let n = 0; n < all; n++) {
    const course = courseOf(n)
    const i = load<f64>(state, UNSCALED_CURRENTS)
    const j = load<f64>(state, UNSCALED_CURRENTS + 8)
    const u = load<f64>(state, UNSCALED_VOLTAGE)
    const arrived = load<f64>(sums, 8)
    const driven = f64x2.mul(v128.load(course, COURSE_BIN_KAPPAS), v128.load(state, UNSCALED_CURRENTS))
    const byExc = f64x2.extract_lane(driven, 0)
    const byInh = f64x2.extract_lane(driven, 1)
    const growth = load<f64>(course, COURSE_BIN_GROWTH)
    const end = u * load<f64>(course, COURSE_BIN_MEM) + (byExc + byInh) + arrived
    const lack = max(-j - i * load<f64>(course, COURSE_BIN_SYNS), 0)
    const rounding = margin * (abs(u) + byExc - byInh + arrived + growth * (i - j)) * (1 + growth)
    const most = max(end, end + end * growth) + (lack * growth + rounding)
    if (!(most < load<f64>(limit)) && !isRaised(n, load<f64>(course, COURSE_TAU_ADAPT), most, load<f64>(limit))) add(n)
    state += UNSCALED_STATE
    sums += UNSCALED_SUMS
    limit += 8
  }
  return count
}

/** Less than any difference: neurons at rest come up to their maximum, and not above it. */
const LEAST: f64 = 5e-324

/** The voltages at which neurons have to be looked at: their threshold, or above what their maximum is so far. */
function lowestLevels(): usize {
  const first = levels()
  const limit = limits()
  const top = runningMaxima()
  const bytes: usize = (<usize>((neurons() + 1) & ~1)) << 3
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(first + at, f64x2.min(v128.load(limit + at), f64x2.add(v128.load(top + at), f64x2.splat(LEAST))))
  return first
}

/** Whether what own spikes have left a threshold raised by at the end of the bin rules a crossing out. */
function isRaised(n: i32, tau: f64, most: f64, limit: f64): bool {
  const at: usize = 8 * <usize>n
  const a = load<f64>(adaptations() + at)
  if (a == 0) return false
  const left = a * exp((load<f64>(adapted() + at) - binEnd()) / tau)
  return most + MARGIN * (abs(limit) + left) < limit + left
}

/** Lists those that walk in any case: neurons whose refractory period ends in the bin. */
function beginCandidates(): void {
  count = 0
  const end = binEnd()
  const held = heldNeurons()
  const all = heldCount()
  for (let k = 0; k < all; k++) {
    const n = load<u32>(held + 4 * <usize>k)
    if (load<f64>(heldUntil() + 8 * <usize>n) < end) add(n)
  }
}

/** Lists a neuron once, whatever there is against it. */
function add(n: i32): void {
  if (load<u8>(walkFlags() + <usize>n) != 0) return
  store<u32>(candidates() + 4 * <usize>count, n)
  store<u8>(walkFlags() + <usize>n, 1)
  store<u32>(logHeads() + 4 * <usize>n, NO_ENTRY)
  count++
}

/** How many walk. */
export function candidateCount(): i32 {
  return count
}

/** The n-th neuron that walks. */
export function candidate(k: i32): i32 {
  return load<i32>(candidates() + 4 * <usize>k)
}

/** Clears the marks of all neurons that walk. */
export function dismissCandidates(): void {
  for (let k = 0; k < count; k++) store<u8>(walkFlags() + <usize>candidate(k), 0)
}
