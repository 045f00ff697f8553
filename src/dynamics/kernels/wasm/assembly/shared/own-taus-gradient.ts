import { lanes } from '../lanes/lanes'
import { OwnConstants } from '../lanes/membrane'
import { taus, work } from '../lanes/own-factors'
import { expOfPair, expTailOfPair, NEAR } from '../numerics/exp-pair'
import { wantsTaus } from '../schema/header'
import { P_I, P_U, Q_I, Q_U, Z } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  OWN_IS_MEMBRANE,
  OWN_PER_TAU_MEM,
  OWN_PER_TAU_SYN,
  OWN_RATE,
  START,
  TIME,
  WORK_DECAY_MEM,
  WORK_DECAY_MEM_BY_MEM,
  WORK_DECAY_SYN,
  WORK_DECAY_SYN_BY_SYN,
  WORK_KAPPA,
  WORK_KAPPA_BY_MEM,
  WORK_KAPPA_BY_SYN,
} from '../schema/records'
import { countOwnInstant } from './backward-traffic'
import { undoTauArrival } from './taus'

/** As in assembly/numerics/exp-moments.ts. */
const TINY: f64 = 1e-9

/**
 * Carries what `taus.ts` carries of all lanes back over the interval before an instant, after `propagateTo`; the adjoint itself
 * stays where it is.
 */
export function backwardOwnTaus(instant: usize): void {
  const d = load<f64>(instant, TIME) - load<f64>(instant, START)
  // Over an interval without end nothing comes back.
  if (!(d > 0 && d < Infinity)) return
  for (let at: usize = 0; at < 64; at += 16) differentiatePair(taus + at, work + at, f64x2.splat(d))
  for (let at: usize = 0; at < 64; at += 16) {
    const here = work + at
    const own = lanes + at
    const toU = v128.load(here, WORK_DECAY_MEM)
    const toI = v128.load(here, WORK_DECAY_SYN)
    const across = v128.load(here, WORK_KAPPA)
    const u = v128.load(own, P_U)
    const i = v128.load(own, P_I)
    const qU = v128.load(own, Q_U)
    const qI = f64x2.add(f64x2.mul(toI, v128.load(own, Q_I)), f64x2.mul(across, qU))
    const z = f64x2.add(f64x2.mul(toI, v128.load(own, Z)), f64x2.mul(v128.load(here, WORK_DECAY_SYN_BY_SYN), i))
    v128.store(own, f64x2.add(qI, f64x2.mul(v128.load(here, WORK_KAPPA_BY_MEM), u)), Q_I)
    v128.store(own, f64x2.add(z, f64x2.mul(v128.load(here, WORK_KAPPA_BY_SYN), u)), Z)
    v128.store(own, f64x2.add(f64x2.mul(toU, qU), f64x2.mul(v128.load(here, WORK_DECAY_MEM_BY_MEM), u)), Q_U)
  }
}

/** Undoes what the arrivals of an instant, on which no loss acts, do to the time constants. */
export function undoOwnInstant(instant: usize): void {
  countOwnInstant(instant)
  if (!wantsTaus()) return
  const start = <usize>load<u32>(instant, ARRIVALS)
  for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > start; arrival -= ARRIVAL)
    undoTauArrival<OwnConstants>(<usize>load<u32>(arrival - ARRIVAL))
}

/** The derivatives of the propagator of two lanes, each over a time of its own, after `propagatePair`; see `differentiate`. */
export function differentiatePair(taus: usize, work: usize, time: v128): void {
  const perMem = v128.load(taus, OWN_PER_TAU_MEM)
  const perSyn = v128.load(taus, OWN_PER_TAU_SYN)
  const isMembrane = v128.load(taus, OWN_IS_MEMBRANE)
  const toU = v128.load(work, WORK_DECAY_MEM)
  const toI = v128.load(work, WORK_DECAY_SYN)
  const y = f64x2.mul(time, v128.load(taus, OWN_RATE))
  const late = lateMomentOfPair(y)
  const early = earlyMomentOfPair(y, late)
  const slow = f64x2.mul(f64x2.mul(time, time), v128.bitselect(toU, toI, isMembrane))
  const ofMem = f64x2.mul(slow, v128.bitselect(late, early, isMembrane))
  const ofSyn = f64x2.mul(slow, v128.bitselect(early, late, isMembrane))
  const byMem = f64x2.sub(f64x2.mul(f64x2.mul(ofMem, perMem), perMem), v128.load(work, WORK_KAPPA))
  v128.store(work, f64x2.mul(f64x2.mul(toU, f64x2.mul(time, perMem)), perMem), WORK_DECAY_MEM_BY_MEM)
  v128.store(work, f64x2.mul(byMem, perMem), WORK_KAPPA_BY_MEM)
  v128.store(work, f64x2.mul(f64x2.mul(toI, f64x2.mul(time, perSyn)), perSyn), WORK_DECAY_SYN_BY_SYN)
  v128.store(work, f64x2.mul(f64x2.mul(f64x2.mul(ofSyn, perMem), perSyn), perSyn), WORK_KAPPA_BY_SYN)
}

/** (e^{-y} - 1 + y) / y^2 for y >= 0, in both lanes. */
function lateMomentOfPair(y: v128): v128 {
  const x = f64x2.neg(y)
  const far = f64x2.add(f64x2.sub(expOfPair(x), f64x2.splat(1)), y)
  const near = f64x2.lt(y, f64x2.splat(NEAR))
  const moment = f64x2.div(v128.bitselect(expTailOfPair(x), far, near), f64x2.mul(y, y))
  const first = f64x2.sub(f64x2.splat(0.5), f64x2.div(y, f64x2.splat(6)))
  return v128.bitselect(first, moment, f64x2.lt(y, f64x2.splat(TINY)))
}

/** (1 - (1 + y) e^{-y}) / y^2 for y >= 0, given the late moment. */
function earlyMomentOfPair(y: v128, late: v128): v128 {
  const one = f64x2.splat(1)
  const more = f64x2.add(one, y)
  const near = f64x2.sub(one, f64x2.mul(more, late))
  const far = f64x2.div(f64x2.sub(one, f64x2.mul(more, expOfPair(f64x2.neg(y)))), f64x2.mul(y, y))
  return v128.bitselect(near, far, f64x2.lt(y, one))
}
