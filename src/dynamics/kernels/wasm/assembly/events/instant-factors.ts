import {
  decayInh,
  decayInhBySyn,
  decayMem,
  decayMemByMem,
  decaySyn,
  decaySynBySyn,
  differentiate,
  differentiateInhibition,
  kappa,
  kappaByMem,
  kappaBySyn,
  kappaInh,
  kappaInhByMem,
  kappaInhBySyn,
  largestKappa,
  leastShare,
  propagate,
  propagateInhibition,
} from '../equations/propagator'
import { expm1OfNearPair, NEAR } from '../numerics/exp-pair'
import * as header from '../schema/header'
import {
  BOUND,
  DECAY_MEM,
  DECAY_MEM_BY_MEM,
  DECAY_SYN,
  DECAY_SYN_BY_SYN,
  INHIBITION,
  INHIBITION_DECAY,
  INHIBITION_KAPPA,
  INHIBITION_SHARE,
  INSTANT,
  KAPPA,
  KAPPA_BY_MEM,
  KAPPA_BY_SYN,
  START,
  TAU_FACTORS,
  TIME,
} from '../schema/records'

/** Writes the propagators over the intervals before some instants, whose times and starts are known. */
export function writeFactors(from: usize, to: usize): void {
  const areInPairs = header.ratio() > 1 && !header.hasInhibition() && !header.wantsTaus()
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
  if (header.hasInhibition()) writeInhibition(instant, d, time)
  if (!header.wantsTaus()) return
  writeTauFactors(instant, d)
  if (header.hasInhibition()) writeInhibitoryTauFactors(instant, d)
}

/** An instant and the next one, with the roundings of `propagate` for tauMem 2 or 4 times tauSyn; false where one is too long. */
function writePair(instant: usize): bool {
  const time = f64x2.replace_lane(v128.load_splat<f64>(instant, TIME), 1, load<f64>(instant + INSTANT, TIME))
  const start = f64x2.replace_lane(v128.load_splat<f64>(instant, START), 1, load<f64>(instant + INSTANT, START))
  const d = f64x2.sub(time, start)
  const x = f64x2.mul(d, f64x2.splat(header.perTauMem()))
  const zero = f64x2.splat(0)
  if (!i64x2.all_true(v128.and(f64x2.gt(d, zero), f64x2.lt(x, f64x2.splat(NEAR))))) return false
  const one = f64x2.splat(1)
  const fallen = inline.always(expm1OfNearPair(f64x2.neg(x)))
  const q = f64x2.add(one, fallen)
  const q2 = f64x2.mul(q, q)
  const isFour = header.ratio() == 4
  const rising = f64x2.mul(f64x2.mul(f64x2.splat(header.scale()), q), f64x2.neg(fallen))
  const across = isFour ? f64x2.mul(rising, f64x2.add(f64x2.add(one, q), q2)) : rising
  const decay = isFour ? f64x2.mul(q2, q2) : q2
  const rounding = f64x2.mul(f64x2.mul(time, f64x2.splat(f64.EPSILON)), f64x2.splat(header.perTauMem()))
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

/** What belongs to an instant of the window at work. */
export function inhibitionOf(instant: usize): usize {
  return header.inhibitions() + (instant - header.instants()) / (INSTANT / INHIBITION)
}

/** Notes it; the propagator over the same d ms, which end at `time`, has been asked for. */
function writeInhibition(instant: usize, d: f64, time: f64): void {
  const at = inhibitionOf(instant)
  if (d > 0) {
    propagateInhibition(d)
    store<f64>(at, decayInh, INHIBITION_DECAY)
    store<f64>(at, kappaInh, INHIBITION_KAPPA)
    store<f64>(at, leastShare(time), INHIBITION_SHARE)
  } else {
    store<f64>(at, 1, INHIBITION_DECAY)
    store<f64>(at, 0, INHIBITION_KAPPA)
    store<f64>(at, 0, INHIBITION_SHARE)
  }
}

/** What belongs to an instant. */
export function tauFactorsOf(instant: usize): usize {
  return header.tauFactors() + (instant - header.instants()) / (INSTANT / TAU_FACTORS)
}

/** Notes them; the propagator over the same d ms has been asked for. Nothing comes back over an interval without end. */
function writeTauFactors(instant: usize, d: f64): void {
  const by = tauFactorsOf(instant)
  if (!(d > 0 && d < Infinity)) {
    memory.fill(by, 0, TAU_FACTORS)
    return
  }
  differentiate(d)
  store<f64>(by, decayMemByMem, DECAY_MEM_BY_MEM)
  store<f64>(by, kappaByMem, KAPPA_BY_MEM)
  store<f64>(by, decaySynBySyn, DECAY_SYN_BY_SYN)
  store<f64>(by, kappaBySyn, KAPPA_BY_SYN)
}

/** The same of the inhibitory current. */
export function inhibitoryTauFactorsOf(instant: usize): usize {
  return header.inhibitoryTauFactors() + (instant - header.instants()) / (INSTANT / TAU_FACTORS)
}

/** After `writeTauFactors` of the instant, and `propagateInhibition`. */
function writeInhibitoryTauFactors(instant: usize, d: f64): void {
  const by = inhibitoryTauFactorsOf(instant)
  memory.fill(by, 0, TAU_FACTORS)
  if (!(d > 0 && d < Infinity)) return
  differentiateInhibition(d)
  store<f64>(by, kappaInhByMem, KAPPA_BY_MEM)
  store<f64>(by, decayInhBySyn, DECAY_SYN_BY_SYN)
  store<f64>(by, kappaInhBySyn, KAPPA_BY_SYN)
}
