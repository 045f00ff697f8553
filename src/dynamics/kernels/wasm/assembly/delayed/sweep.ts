import { lanes } from '../lanes/lanes'
import { isTwo } from '../lanes/membrane'
import { MARGIN } from '../schema/constants'
import {
  BIN,
  BIN_LANE,
  BINS,
  EXCITING,
  INHIBITED_SPAN,
  INHIBITED_SPAN_DECAY,
  INHIBITED_SPAN_KAPPA,
  INHIBITED_SPAN_SHARE,
  SPAN,
  SPAN_BOUND,
  SPAN_KAPPA,
} from '../schema/delayed-records'
import { lastSpike, peakKappa, refractories } from '../schema/header'
import { HELD_UNTIL, I, J, SINCE, TEST, U } from '../schema/lanes'
import {
  firstOfInhibition,
  firstOfPair,
  inhAtEnd,
  inhibitedSpans,
  secondOfInhibition,
  secondOfPair,
  spans,
  synAtEnd,
} from './bins'
import { width } from './grid'
import { noteBin } from './traffic'

/**
 * Carries the lanes to the end of a bin of the block at work in which something arrives at them, D being the time since they
 * were touched last, with c = tauSyn / (tauSyn - tauMem):
 *
 *     U(end) = U e^{-D/tauMem} + kappa(D) I + sum of w kappa(end - t),   kappa(d) = c (e^{-d/tauSyn} - e^{-d/tauMem})
 *     I(end) = I e^{-D/tauSyn} + sum of w e^{-(end - t)/tauSyn}
 *
 * and J like I, with what inhibits. Those that may cross their threshold on the way, are let go by then, or were touched too
 * long ago, stay as they are and are returned as bits. kappa grows all through a bin, so no threshold is crossed where
 *
 *     max(U, 0) + kappa(min(D, Dpeak)) max(I + share J, 0) + sum of max(w, 0) kappa(end - t) < test
 *
 * with the share of J that is in U whenever it is looked at, see `leastShare`; what inhibits in the bin only helps.
 */
export function sweepBin<M>(own: usize, bin: i32, start: f64): i32 {
  if (isEmpty(own)) return 0
  noteBin()
  const perWidth = f64x2.splat(1 / width)
  const most = f64x2.splat(<f64>BINS)
  const syn = f64x2.splat(synAtEnd(bin))
  const first = f64x2.splat(firstOfPair(bin))
  const second = f64x2.splat(secondOfPair(bin))
  const inh = isTwo<M>() ? f64x2.splat(inhAtEnd(bin)) : syn
  const firstInh = isTwo<M>() ? f64x2.splat(firstOfInhibition(bin)) : first
  const secondInh = isTwo<M>() ? f64x2.splat(secondOfInhibition(bin)) : second
  const margin = f64x2.splat(MARGIN)
  const zero = f64x2.splat(0)
  const end = f64x2.splat(start + width)
  let bits = 0
  for (let at: usize = 0; at < 64; at += 16) {
    const one = own + 4 * at
    const excite = v128.load(one, EXCITING)
    const exciteToo = v128.load(one, EXCITING + BIN_LANE)
    // Over all arrivals, or of two currents over those that inhibit.
    const sums = v128.load(one)
    const sumsToo = v128.load(one, BIN_LANE)
    const sumsSyn = i64x2.shuffle(sums, sumsToo, 0, 2)
    const exciteSyn = i64x2.shuffle(excite, exciteToo, 0, 2)
    const isActive = v128.or(f64x2.ne(sumsSyn, zero), f64x2.ne(exciteSyn, zero))
    if (!v128.any_true(isActive)) continue
    const u = v128.load(lanes + at, U)
    const i = v128.load(lanes + at, I)
    const j = isTwo<M>() ? v128.load(lanes + at, J) : zero
    const since = v128.load(lanes + at, SINCE)
    const excitingI = f64x2.mul(syn, exciteSyn)
    const excitingU = f64x2.sub(f64x2.mul(first, exciteSyn), f64x2.mul(second, i64x2.shuffle(excite, exciteToo, 1, 3)))
    const count = f64x2.mul(f64x2.sub(end, since), perWidth)
    const place = i32x4.trunc_sat_f64x2_u_zero(f64x2.pmin(count, most))
    const span = spans() + SPAN * <usize>i32x4.extract_lane(place, 0)
    const spanToo = spans() + SPAN * <usize>i32x4.extract_lane(place, 1)
    const decays = v128.load(span)
    const decaysToo = v128.load(spanToo)
    const kappas = v128.load(span, SPAN_KAPPA)
    const kappasToo = v128.load(spanToo, SPAN_KAPPA)
    const largest = i64x2.shuffle(kappas, kappasToo, 1, 3)
    const driving = isTwo<M>() ? f64x2.add(i, f64x2.mul(inhibited(place, INHIBITED_SPAN_SHARE), j)) : i
    const state = f64x2.add(f64x2.pmax(zero, u), f64x2.mul(largest, f64x2.pmax(zero, driving)))
    const bound = f64x2.add(state, f64x2.add(excitingU, f64x2.mul(margin, excitingI)))
    const mayCross = f64x2.ge(bound, v128.load(lanes + at, TEST))
    let isLeft = v128.or(f64x2.gt(count, most), mayCross)
    if (refractories() != 0) isLeft = v128.or(isLeft, isLetGo(at, end))
    bits |= i64x2.bitmask(v128.and(isActive, isLeft)) << (<i32>at >> 3)
    const driven = f64x2.mul(inh, sumsSyn)
    let drivenU = f64x2.sub(f64x2.mul(firstInh, sumsSyn), f64x2.mul(secondInh, i64x2.shuffle(sums, sumsToo, 1, 3)))
    const carriedU = f64x2.mul(i64x2.shuffle(decays, decaysToo, 1, 3), u)
    const carriedI = f64x2.mul(i64x2.shuffle(decays, decaysToo, 0, 2), i)
    let nextU = f64x2.add(carriedU, f64x2.mul(i64x2.shuffle(kappas, kappasToo, 0, 2), i))
    if (isTwo<M>()) {
      nextU = f64x2.add(nextU, f64x2.mul(inhibited(place, INHIBITED_SPAN_KAPPA), j))
      drivenU = f64x2.add(excitingU, drivenU)
    }
    nextU = f64x2.add(nextU, drivenU)
    const nextI = f64x2.add(carriedI, isTwo<M>() ? excitingI : driven)
    const moves = v128.andnot(isActive, isLeft)
    v128.store(lanes + at, v128.bitselect(nextU, u, moves), U)
    v128.store(lanes + at, v128.bitselect(nextI, i, moves), I)
    if (isTwo<M>()) {
      const carriedJ = f64x2.mul(inhibited(place, INHIBITED_SPAN_DECAY), j)
      v128.store(lanes + at, v128.bitselect(f64x2.add(carriedJ, driven), j, moves), J)
    }
    v128.store(lanes + at, v128.bitselect(end, since, moves), SINCE)
  }
  return bits
}

/** What the spans over which two lanes were not touched hold of a field of the inhibitory current. */
function inhibited(place: v128, field: usize): v128 {
  const one = inhibitedSpans() + INHIBITED_SPAN * <usize>i32x4.extract_lane(place, 0) + field
  const other = inhibitedSpans() + INHIBITED_SPAN * <usize>i32x4.extract_lane(place, 1) + field
  return f64x2.replace_lane(v128.load_splat<f64>(one), 1, load<f64>(other))
}

/**
 * The lanes, as bits, that may cross their threshold by the end of a bin of which not all arrivals are known, or are let go
 * in the window, wherever they are.
 */
export function lookInto<M>(own: usize, bin: i32, start: f64): i32 {
  const end = start + width
  const syn = synAtEnd(bin)
  const first = firstOfPair(bin)
  const second = secondOfPair(bin)
  let bits = 0
  for (let n: usize = 0; n < 8; n++) {
    const excite = load<f64>(own + BIN_LANE * n, EXCITING)
    const exciteToo = load<f64>(own + BIN_LANE * n, EXCITING + 8)
    const driven = first * excite - second * exciteToo + MARGIN * (syn * excite)
    const count = (end - load<f64>(lanes + 8 * n, SINCE)) / width
    const largest = count > <f64>BINS ? peakKappa() : load<f64>(spans() + SPAN * <usize>count, SPAN_BOUND)
    let current = load<f64>(lanes + 8 * n, I)
    if (isTwo<M>() && count <= <f64>BINS) current += shareOver(<usize>count) * load<f64>(lanes + 8 * n, J)
    const state = max(load<f64>(lanes + 8 * n, U), 0) + largest * max(current, 0)
    const heldUntil = load<f64>(lanes + 8 * n, HELD_UNTIL)
    if (state + driven >= load<f64>(lanes + 8 * n, TEST)) bits |= 1 << (<i32>n)
    if (heldUntil > 0 && heldUntil <= lastSpike()) bits |= 1 << (<i32>n)
  }
  return bits
}

/** The share of the inhibitory current that is in U whenever it is evaluated over `count` bins. */
function shareOver(count: usize): f64 {
  return load<f64>(inhibitedSpans() + INHIBITED_SPAN * count, INHIBITED_SPAN_SHARE)
}

/** Whether the refractory period of two lanes ends by some time. */
function isLetGo(at: usize, time: v128): v128 {
  const heldUntil = v128.load(lanes + at, HELD_UNTIL)
  return v128.and(f64x2.gt(heldUntil, f64x2.splat(0)), f64x2.le(heldUntil, time))
}

/** Nothing arrives at any lane; lanes to which only synapses of weight 0 lead do not count. */
function isEmpty(own: usize): bool {
  let some = v128.load(own)
  for (let at: usize = 16; at < BIN; at += 16) some = v128.or(some, v128.load(own + at))
  return !v128.any_true(some)
}
