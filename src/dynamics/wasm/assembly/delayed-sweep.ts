import { BIN, BIN_LANE, EXCITING, memAtEnd, synAtEnd } from './delayed-bins'
import { width } from './delayed-grid'
import { crossShare } from './delayed-stretches'
import { I, LAST_ARRIVAL, lanes, NEXT_I, NEXT_U, TEST, U } from './lanes'
import { bins } from './plan'
import { decayMem, decaySyn, kappa, propagate } from './propagator'

/** Rounding allowance of the sums over arrivals that excite, relative to them. */
const MARGIN: f64 = 1e-12

/**
 * Carries the lanes over a bin: what they have at its end is in NEXT_U and NEXT_I, with c = tauSyn / (tauSyn - tauMem)
 *
 *     U(end) = U e^{-D/tauMem} + kappa(D) I + sum of w kappa(end - t),   kappa(d) = c (e^{-d/tauSyn} - e^{-d/tauMem})
 *     I(end) = I e^{-D/tauSyn} + sum of w e^{-(end - t)/tauSyn}
 *
 * Returns those, as bits, that may cross their threshold on the way. kappa grows all through a bin, so none does where
 *
 *     max(U, 0) + kappa(D) max(I, 0) + sum of max(w, 0) kappa(end - t) < test
 *
 * Lanes whose last arrival was before the bin stay as they are.
 */
export function sweepBin(bin: i32, start: f64): i32 {
  propagate(width)
  const toU = f64x2.splat(decayMem)
  const toI = f64x2.splat(decaySyn)
  const across = f64x2.splat(kappa)
  const syn = f64x2.splat(synAtEnd(bin))
  const mem = f64x2.splat(memAtEnd(bin))
  const c = f64x2.splat(crossShare())
  const margin = f64x2.splat(MARGIN)
  const zero = f64x2.splat(0)
  const since = f64x2.splat(start)
  const own = bins() + BIN * <usize>bin
  let bits = 0
  for (let at: usize = 0; at < 64; at += 16) {
    const one = own + 4 * at
    const u = v128.load(lanes + at, U)
    const i = v128.load(lanes + at, I)
    const isActive = f64x2.ge(v128.load(lanes + at, LAST_ARRIVAL), since)
    const excite = v128.load(one, EXCITING)
    const exciteToo = v128.load(one, EXCITING + BIN_LANE)
    const excitingI = f64x2.mul(syn, i64x2.shuffle(excite, exciteToo, 0, 2))
    const excitingU = f64x2.mul(c, f64x2.sub(excitingI, f64x2.mul(mem, i64x2.shuffle(excite, exciteToo, 1, 3))))
    const state = f64x2.add(f64x2.pmax(zero, u), f64x2.mul(across, f64x2.pmax(zero, i)))
    const bound = f64x2.add(state, f64x2.add(excitingU, f64x2.mul(margin, excitingI)))
    bits |= i64x2.bitmask(v128.and(isActive, f64x2.ge(bound, v128.load(lanes + at, TEST)))) << (<i32>at >> 3)
    const sums = v128.load(one)
    const sumsToo = v128.load(one, BIN_LANE)
    const drivenI = f64x2.mul(syn, i64x2.shuffle(sums, sumsToo, 0, 2))
    const drivenU = f64x2.mul(c, f64x2.sub(drivenI, f64x2.mul(mem, i64x2.shuffle(sums, sumsToo, 1, 3))))
    const nextU = f64x2.add(f64x2.add(f64x2.mul(toU, u), f64x2.mul(across, i)), drivenU)
    const nextI = f64x2.add(f64x2.mul(toI, i), drivenI)
    v128.store(lanes + at, v128.bitselect(nextU, u, isActive), NEXT_U)
    v128.store(lanes + at, v128.bitselect(nextI, i, isActive), NEXT_I)
  }
  return bits
}

/** Moves all lanes on to the end of the bin. */
export function passBin(): void {
  for (let at: usize = 0; at < 128; at += 16) v128.store(lanes + at, v128.load(lanes + at, NEXT_U), U)
}
