import { decayMem, decaySyn, kappa, largestKappa, propagate } from '../equations/propagator'
import { expm1OfNearPair, NEAR } from '../numerics/exp-pair'
import { hasInhibition, perTauMem, ratio, scale, wantsTaus } from '../schema/header'
import { BOUND, DECAY_MEM, DECAY_SYN, INSTANT, KAPPA, START, TIME } from '../schema/records'
import { writeInhibition } from './inhibition-instants'
import { writeInhibitoryTauFactors, writeTauFactors } from './tau-instants'

/** Writes the propagators over the intervals before some instants, whose times and starts are known. */
export function writeFactors(from: usize, to: usize): void {
  const areInPairs = ratio() > 1 && !hasInhibition() && !wantsTaus()
  let instant = from
  while (instant < to) {
    if (areInPairs && instant + INSTANT < to && writePair(instant)) instant += 2 * INSTANT
    else {
      writeOne(instant)
      instant += INSTANT
    }
  }
}

function writeOne(instant: usize): void {
  const time = load<f64>(instant, TIME)
  const d = time - load<f64>(instant, START)
  if (d > 0) {
    propagate(d)
    store<f64>(instant, decayMem, DECAY_MEM)
    store<f64>(instant, decaySyn, DECAY_SYN)
    store<f64>(instant, kappa, KAPPA)
    store<f64>(instant, largestKappa(d, time), BOUND)
  } else {
    store<f64>(instant, 1, DECAY_MEM)
    store<f64>(instant, 1, DECAY_SYN)
    store<f64>(instant, 0, KAPPA)
    store<f64>(instant, 0, BOUND)
  }
  if (hasInhibition()) writeInhibition(instant, d, time)
  if (!wantsTaus()) return
  writeTauFactors(instant, d)
  if (hasInhibition()) writeInhibitoryTauFactors(instant, d)
}

/** An instant and the next one, with the roundings of `propagate` for tauMem 2 or 4 times tauSyn; false where one is too long. */
function writePair(instant: usize): bool {
  const time = f64x2.replace_lane(v128.load_splat<f64>(instant, TIME), 1, load<f64>(instant + INSTANT, TIME))
  const start = f64x2.replace_lane(v128.load_splat<f64>(instant, START), 1, load<f64>(instant + INSTANT, START))
  const d = f64x2.sub(time, start)
  const x = f64x2.mul(d, f64x2.splat(perTauMem()))
  const zero = f64x2.splat(0)
  if (!i64x2.all_true(v128.and(f64x2.gt(d, zero), f64x2.lt(x, f64x2.splat(NEAR))))) return false
  const one = f64x2.splat(1)
  const fallen = inline.always(expm1OfNearPair(f64x2.neg(x)))
  const q = f64x2.add(one, fallen)
  const q2 = f64x2.mul(q, q)
  const isFour = ratio() == 4
  const rising = f64x2.mul(f64x2.mul(f64x2.splat(scale()), q), f64x2.neg(fallen))
  const across = isFour ? f64x2.mul(rising, f64x2.add(f64x2.add(one, q), q2)) : rising
  const decay = isFour ? f64x2.mul(q2, q2) : q2
  const rounding = f64x2.mul(f64x2.mul(time, f64x2.splat(f64.EPSILON)), f64x2.splat(perTauMem()))
  storePair(instant, DECAY_MEM, q)
  storePair(instant, DECAY_SYN, decay)
  storePair(instant, KAPPA, across)
  // kappa rises up to D = tauMem ln(m) / (m - 1) and more.
  storePair(instant, BOUND, f64x2.add(across, rounding))
  return true
}

function storePair(instant: usize, field: usize, values: v128): void {
  store<f64>(instant + field, f64x2.extract_lane(values, 0))
  store<f64>(instant + INSTANT + field, f64x2.extract_lane(values, 1))
}
