import { lanes } from '../lanes/lanes'
import { MARGIN } from '../schema/constants'
import {
  BIN_LANE,
  BINS,
  EXCITING,
  INHIBITED_SPAN,
  INHIBITED_SPAN_DECAY,
  INHIBITED_SPAN_KAPPA,
  INHIBITED_SPAN_SHARE,
  SPAN,
  SPAN_KAPPA,
} from '../schema/delayed-records'
import { refractories } from '../schema/header'
import { I, J, SINCE, TEST, U } from '../schema/lanes'
import { firstOfPair, inhibitedSpans, secondOfPair, spans, synAtEnd } from './bins'
import { width } from './grid'
import { noteBin } from './own-traffic'
import { isEmpty, isLetGo } from './sweep'
import { firstOfInhibition, inhAtEnd, secondOfInhibition } from './two-currents-bins'

/**
 * The same as `sweepBin` with two synaptic currents. No threshold is crossed where
 *
 *     max(U, 0) + kappa(min(D, Dpeak)) max(I + share J, 0) + sum of max(w, 0) kappa(end - t) < test
 *
 * with the share of J that is in U whenever it is looked at, see `leastShare`; what inhibits in the bin only helps.
 */
export function sweepBinOfTwo(own: usize, bin: i32, start: f64): i32 {
  if (isEmpty(own)) return 0
  noteBin()
  const perWidth = f64x2.splat(1 / width)
  const most = f64x2.splat(<f64>BINS)
  const syn = f64x2.splat(synAtEnd(bin))
  const first = f64x2.splat(firstOfPair(bin))
  const second = f64x2.splat(secondOfPair(bin))
  const inh = f64x2.splat(inhAtEnd(bin))
  const firstInh = f64x2.splat(firstOfInhibition(bin))
  const secondInh = f64x2.splat(secondOfInhibition(bin))
  const margin = f64x2.splat(MARGIN)
  const zero = f64x2.splat(0)
  const end = f64x2.splat(start + width)
  let bits = 0
  for (let at: usize = 0; at < 64; at += 16) {
    const one = own + 4 * at
    const excite = v128.load(one, EXCITING)
    const exciteToo = v128.load(one, EXCITING + BIN_LANE)
    const inhibit = v128.load(one)
    const inhibitToo = v128.load(one, BIN_LANE)
    const exciteSyn = i64x2.shuffle(excite, exciteToo, 0, 2)
    const inhibitSyn = i64x2.shuffle(inhibit, inhibitToo, 0, 2)
    const isActive = v128.or(f64x2.ne(inhibitSyn, zero), f64x2.ne(exciteSyn, zero))
    if (!v128.any_true(isActive)) continue
    const u = v128.load(lanes + at, U)
    const i = v128.load(lanes + at, I)
    const j = v128.load(lanes + at, J)
    const since = v128.load(lanes + at, SINCE)
    const excitingI = f64x2.mul(syn, exciteSyn)
    const excitingU = f64x2.sub(f64x2.mul(first, exciteSyn), f64x2.mul(second, i64x2.shuffle(excite, exciteToo, 1, 3)))
    const count = f64x2.mul(f64x2.sub(end, since), perWidth)
    const place = i32x4.trunc_sat_f64x2_u_zero(f64x2.pmin(count, most))
    const span = spans() + SPAN * <usize>i32x4.extract_lane(place, 0)
    const spanToo = spans() + SPAN * <usize>i32x4.extract_lane(place, 1)
    const inhOne = inhibitedSpans() + INHIBITED_SPAN * <usize>i32x4.extract_lane(place, 0)
    const inhToo = inhibitedSpans() + INHIBITED_SPAN * <usize>i32x4.extract_lane(place, 1)
    const decays = v128.load(span)
    const decaysToo = v128.load(spanToo)
    const kappas = v128.load(span, SPAN_KAPPA)
    const kappasToo = v128.load(spanToo, SPAN_KAPPA)
    const largest = i64x2.shuffle(kappas, kappasToo, 1, 3)
    const share = pairOf(inhOne, inhToo, INHIBITED_SPAN_SHARE)
    const current = f64x2.pmax(zero, f64x2.add(i, f64x2.mul(share, j)))
    const state = f64x2.add(f64x2.pmax(zero, u), f64x2.mul(largest, current))
    const bound = f64x2.add(state, f64x2.add(excitingU, f64x2.mul(margin, excitingI)))
    let isLeft = v128.or(f64x2.gt(count, most), f64x2.ge(bound, v128.load(lanes + at, TEST)))
    if (refractories() != 0) isLeft = v128.or(isLeft, isLetGo(at, end))
    bits |= i64x2.bitmask(v128.and(isActive, isLeft)) << (<i32>at >> 3)
    const inhibitingU = f64x2.sub(
      f64x2.mul(firstInh, inhibitSyn),
      f64x2.mul(secondInh, i64x2.shuffle(inhibit, inhibitToo, 1, 3)),
    )
    const driven = f64x2.add(excitingU, inhibitingU)
    const carriedU = f64x2.mul(i64x2.shuffle(decays, decaysToo, 1, 3), u)
    const excitedU = f64x2.add(carriedU, f64x2.mul(i64x2.shuffle(kappas, kappasToo, 0, 2), i))
    const inhibitedU = f64x2.add(excitedU, f64x2.mul(pairOf(inhOne, inhToo, INHIBITED_SPAN_KAPPA), j))
    const carriedI = f64x2.mul(i64x2.shuffle(decays, decaysToo, 0, 2), i)
    const carriedJ = f64x2.mul(pairOf(inhOne, inhToo, INHIBITED_SPAN_DECAY), j)
    const moves = v128.andnot(isActive, isLeft)
    v128.store(lanes + at, v128.bitselect(f64x2.add(inhibitedU, driven), u, moves), U)
    v128.store(lanes + at, v128.bitselect(f64x2.add(carriedI, excitingI), i, moves), I)
    v128.store(lanes + at, v128.bitselect(f64x2.add(carriedJ, f64x2.mul(inh, inhibitSyn)), j, moves), J)
    v128.store(lanes + at, v128.bitselect(end, since, moves), SINCE)
  }
  return bits
}

/** What two places hold of a field. */
function pairOf(one: usize, other: usize, field: usize): v128 {
  return f64x2.replace_lane(v128.load_splat<f64>(one + field), 1, load<f64>(other + field))
}
