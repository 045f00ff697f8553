import { inhibitionOf, inhibitoryTauFactorsOf, tauFactorsOf } from '../events/instant-factors'
import { gradient, laneWeights } from '../events/own-events'
import { tauRows } from '../gradients/taus'
import { lane, lanes, setLane } from '../lanes/lanes'
import { differentiatePair, isTwo, PerNeuronConstants, taus, work } from '../lanes/membrane'
import { hasInhibition, wantsTaus } from '../schema/header'
import { NEXT_Q_I, NEXT_Q_J, NEXT_Q_U, NEXT_Z, NEXT_Z_J, P_I, P_J, P_U, Q_I, Q_J, Q_U, Z, Z_J } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  DECAY_MEM,
  DECAY_MEM_BY_MEM,
  DECAY_SYN,
  DECAY_SYN_BY_SYN,
  GRADIENT_BY_TAU_SYN,
  GRADIENT_BY_TAU_SYN_INH,
  INHIBITION,
  INHIBITION_DECAY,
  INHIBITION_KAPPA,
  INSTANT,
  KAPPA,
  KAPPA_BY_MEM,
  KAPPA_BY_SYN,
  START,
  TAU_FACTORS,
  TIME,
  Work,
} from '../schema/records'
import { countOwnInstant } from './traffic'

/**
 * Carries what `taus.ts` carries of all lanes back from an instant to another one, its arrivals undone, through intervals
 * without own events. The adjoint itself stays where it is: `backwardQuietly` follows.
 *
 * @param withArrivals the arrivals of the first instant are yet to be undone
 */
export function backwardTausQuietly<M>(from: usize, to: usize, withArrivals: bool): void {
  const by = tauFactorsOf(from)
  const byJ = isTwo<M>() ? inhibitoryTauFactorsOf(from) : 0
  const inhibition = isTwo<M>() ? inhibitionOf(from) : 0
  for (let at: usize = 0; at < 64; at += 16) backwardPair<M>(from, to, by, byJ, inhibition, withArrivals, true, at)
}

/** The same over the interval before an instant alone, with what else belongs to that, which may stand elsewhere. */
export function backwardTauLanes<M>(instant: usize, by: usize, byJ: usize, inhibition: usize): void {
  for (let at: usize = 0; at < 64; at += 16)
    backwardPair<M>(instant, instant - INSTANT, by, byJ, inhibition, false, false, at)
}

/** @param by, byJ, inhibition what belongs to the first instant */
function backwardPair<M>(
  from: usize,
  to: usize,
  by: usize,
  byJ: usize,
  inhibition: usize,
  withArrivals: bool,
  withLaterOnes: bool,
  at: usize,
): void {
  const zero = f64x2.splat(0)
  const here = lanes + at
  const weights = laneWeights + at
  const rows = tauRows(gradient) + at
  let u = v128.load(here, P_U)
  let i = v128.load(here, P_I)
  let j = isTwo<M>() ? v128.load(here, P_J) : zero
  let qU = v128.load(here, Q_U)
  let qI = v128.load(here, Q_I)
  let qJ = isTwo<M>() ? v128.load(here, Q_J) : zero
  let z = v128.load(here, Z)
  let zJ = isTwo<M>() ? v128.load(here, Z_J) : zero
  let byMem = v128.load(rows)
  let bySyn = v128.load(rows, GRADIENT_BY_TAU_SYN)
  let byInh = isTwo<M>() ? v128.load(rows, GRADIENT_BY_TAU_SYN_INH) : zero
  let instant = from
  for (let isDue = withArrivals; ; isDue = withLaterOnes) {
    if (isDue) {
      const stop = <usize>load<u32>(instant, ARRIVALS)
      for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > stop; ) {
        arrival -= ARRIVAL
        const w = v128.load(weights + <usize>load<u32>(arrival))
        const exciting = isTwo<M>() ? f64x2.pmax(zero, w) : w
        byMem = f64x2.add(byMem, f64x2.mul(exciting, qI))
        bySyn = f64x2.add(bySyn, f64x2.mul(exciting, z))
        if (isTwo<M>()) {
          const inhibiting = f64x2.pmin(zero, w)
          byMem = f64x2.add(byMem, f64x2.mul(inhibiting, qJ))
          byInh = f64x2.add(byInh, f64x2.mul(inhibiting, zJ))
        }
      }
    }
    if (instant <= to) break
    const toU = v128.load_splat<f64>(instant, DECAY_MEM)
    const toI = v128.load_splat<f64>(instant, DECAY_SYN)
    const across = v128.load_splat<f64>(instant, KAPPA)
    qI = inline.always(carriedQ(qI, qU, u, toI, across, by))
    z = inline.always(carriedZ(z, i, u, toI, by))
    if (isTwo<M>()) {
      const toJ = v128.load_splat<f64>(inhibition, INHIBITION_DECAY)
      const acrossJ = v128.load_splat<f64>(inhibition, INHIBITION_KAPPA)
      qJ = inline.always(carriedQ(qJ, qU, u, toJ, acrossJ, byJ))
      zJ = inline.always(carriedZ(zJ, j, u, toJ, byJ))
      j = f64x2.add(f64x2.mul(toJ, j), f64x2.mul(acrossJ, u))
      inhibition -= INHIBITION
      byJ -= TAU_FACTORS
    }
    qU = f64x2.add(f64x2.mul(toU, qU), f64x2.mul(v128.load_splat<f64>(by, DECAY_MEM_BY_MEM), u))
    i = f64x2.add(f64x2.mul(toI, i), f64x2.mul(across, u))
    u = f64x2.mul(toU, u)
    instant -= INSTANT
    by -= TAU_FACTORS
  }
  v128.store(here, qU, Q_U)
  v128.store(here, qI, Q_I)
  v128.store(here, z, Z)
  v128.store(rows, byMem)
  v128.store(rows, bySyn, GRADIENT_BY_TAU_SYN)
  if (!isTwo<M>()) return
  v128.store(here, qJ, Q_J)
  v128.store(here, zJ, Z_J)
  v128.store(rows, byInh, GRADIENT_BY_TAU_SYN_INH)
}

/** qI or qJ before an interval. */
function carriedQ(q: v128, qU: v128, u: v128, decay: v128, across: v128, by: usize): v128 {
  const carried = f64x2.add(f64x2.mul(decay, q), f64x2.mul(across, qU))
  return f64x2.add(carried, f64x2.mul(v128.load_splat<f64>(by, KAPPA_BY_MEM), u))
}

/** z of either current before an interval. */
function carriedZ(z: v128, current: v128, u: v128, decay: v128, by: usize): v128 {
  const carried = f64x2.add(f64x2.mul(decay, z), f64x2.mul(v128.load_splat<f64>(by, DECAY_SYN_BY_SYN), current))
  return f64x2.add(carried, f64x2.mul(v128.load_splat<f64>(by, KAPPA_BY_SYN), u))
}

/** An arrival at all lanes, by the byte offset of its row of weights, each of which moves with the time constant of its current. */
export function undoTauArrival<M>(offset: usize): void {
  const zero = f64x2.splat(0)
  const rows = tauRows(gradient)
  for (let at: usize = 0; at < 64; at += 16) {
    const w = v128.load(laneWeights + offset + at)
    const here = lanes + at
    const row = rows + at
    const exciting = isTwo<M>() ? f64x2.pmax(zero, w) : w
    const inhibiting = isTwo<M>() ? f64x2.pmin(zero, w) : zero
    let byMem = f64x2.add(v128.load(row), f64x2.mul(exciting, v128.load(here, Q_I)))
    if (isTwo<M>()) byMem = f64x2.add(byMem, f64x2.mul(inhibiting, v128.load(here, Q_J)))
    v128.store(row, byMem)
    const bySyn = f64x2.mul(exciting, v128.load(here, Z))
    v128.store(row, f64x2.add(v128.load(row, GRADIENT_BY_TAU_SYN), bySyn), GRADIENT_BY_TAU_SYN)
    if (!isTwo<M>()) continue
    const byInh = f64x2.mul(inhibiting, v128.load(here, Z_J))
    v128.store(row, f64x2.add(v128.load(row, GRADIENT_BY_TAU_SYN_INH), byInh), GRADIENT_BY_TAU_SYN_INH)
  }
}

/** Sets aside what a lane has come to, while all lanes pass an interval. */
export function setTausAside(n: i32): void {
  setLane(NEXT_Q_U, n, lane(Q_U, n))
  setLane(NEXT_Q_I, n, lane(Q_I, n))
  setLane(NEXT_Z, n, lane(Z, n))
  if (!hasInhibition()) return
  setLane(NEXT_Q_J, n, lane(Q_J, n))
  setLane(NEXT_Z_J, n, lane(Z_J, n))
}

export function takeTausBack(n: i32): void {
  setLane(Q_U, n, lane(NEXT_Q_U, n))
  setLane(Q_I, n, lane(NEXT_Q_I, n))
  setLane(Z, n, lane(NEXT_Z, n))
  if (!hasInhibition()) return
  setLane(Q_J, n, lane(NEXT_Q_J, n))
  setLane(Z_J, n, lane(NEXT_Z_J, n))
}

/**
 * Carries what `taus.ts` carries of all lanes back over the interval before an instant, after `propagateTo`; the adjoint itself
 * stays where it is.
 */
export function backwardTausPerNeuron(instant: usize): void {
  const d = load<f64>(instant, TIME) - load<f64>(instant, START)
  // Over an interval without end nothing comes back.
  if (!(d > 0 && d < Infinity)) return
  for (let at: usize = 0; at < 64; at += 16) differentiatePair(taus + at, work + at, f64x2.splat(d))
  for (let at: usize = 0; at < 64; at += 16) {
    const here = work + at
    const own = lanes + at
    const toU = v128.load(here, Work.DECAY_MEM)
    const toI = v128.load(here, Work.DECAY_SYN)
    const across = v128.load(here, Work.KAPPA)
    const u = v128.load(own, P_U)
    const i = v128.load(own, P_I)
    const qU = v128.load(own, Q_U)
    const qI = f64x2.add(f64x2.mul(toI, v128.load(own, Q_I)), f64x2.mul(across, qU))
    const z = f64x2.add(f64x2.mul(toI, v128.load(own, Z)), f64x2.mul(v128.load(here, Work.DECAY_SYN_BY_SYN), i))
    v128.store(own, f64x2.add(qI, f64x2.mul(v128.load(here, Work.KAPPA_BY_MEM), u)), Q_I)
    v128.store(own, f64x2.add(z, f64x2.mul(v128.load(here, Work.KAPPA_BY_SYN), u)), Z)
    v128.store(own, f64x2.add(f64x2.mul(toU, qU), f64x2.mul(v128.load(here, Work.DECAY_MEM_BY_MEM), u)), Q_U)
  }
}

/** Undoes what the arrivals of an instant, on which no loss acts, do to the time constants. */
export function undoOwnInstant(instant: usize): void {
  countOwnInstant(instant)
  if (!wantsTaus()) return
  const start = <usize>load<u32>(instant, ARRIVALS)
  for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > start; arrival -= ARRIVAL)
    undoTauArrival<PerNeuronConstants>(<usize>load<u32>(arrival - ARRIVAL))
}
