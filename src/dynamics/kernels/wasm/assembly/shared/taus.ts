import { gradient, laneWeights } from '../events/own-events'
import { tauFactorsOf } from '../events/tau-instants'
import { tauRows } from '../gradients/taus'
import { lane, lanes, setLane } from '../lanes/lanes'
import { hasInhibition } from '../schema/header'
import { NEXT_Q_I, NEXT_Q_J, NEXT_Q_U, NEXT_Z, NEXT_Z_J, P_I, P_U, Q_I, Q_J, Q_U, Z, Z_J } from '../schema/lanes'
import {
  ARRIVAL,
  ARRIVALS,
  ARRIVALS_END,
  DECAY_MEM,
  DECAY_MEM_BY_MEM,
  DECAY_SYN,
  DECAY_SYN_BY_SYN,
  GRADIENT_BY_TAU_SYN,
  GRADIENTS,
  INSTANT,
  KAPPA,
  KAPPA_BY_MEM,
  KAPPA_BY_SYN,
  STATE,
  TAU_FACTORS,
  WEIGHTS,
} from '../schema/records'
import { countBoth, countRead } from '../traffic'

/**
 * Carries what `taus.ts` carries of all lanes back from an instant to another one, its arrivals undone, through intervals
 * without own events. The adjoint itself stays where it is: `backwardQuietly` follows.
 *
 * @param withArrivals the arrivals of the first instant are yet to be undone
 */
export function backwardTausQuietly(from: usize, to: usize, withArrivals: bool): void {
  const by = tauFactorsOf(from)
  for (let at: usize = 0; at < 64; at += 16) backwardPair(from, to, by, withArrivals, true, at)
}

/** The same over the interval before an instant alone, of which `writeTauFactors` has noted something elsewhere. */
export function backwardTauLanes(instant: usize, by: usize): void {
  for (let at: usize = 0; at < 64; at += 16) backwardPair(instant, instant - INSTANT, by, false, false, at)
}

/** @param by what `writeTauFactors` has noted of the first instant */
function backwardPair(from: usize, to: usize, by: usize, withArrivals: bool, withLaterOnes: bool, at: usize): void {
  const here = lanes + at
  const weights = laneWeights + at
  const rows = tauRows(gradient) + at
  let u = v128.load(here, P_U)
  let i = v128.load(here, P_I)
  let qU = v128.load(here, Q_U)
  let qI = v128.load(here, Q_I)
  let z = v128.load(here, Z)
  let byMem = v128.load(rows)
  let bySyn = v128.load(rows, GRADIENT_BY_TAU_SYN)
  let instant = from
  for (let isDue = withArrivals; ; isDue = withLaterOnes) {
    if (isDue) {
      const stop = <usize>load<u32>(instant, ARRIVALS)
      for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > stop; ) {
        arrival -= ARRIVAL
        const w = v128.load(weights + <usize>load<u32>(arrival))
        byMem = f64x2.add(byMem, f64x2.mul(w, qI))
        bySyn = f64x2.add(bySyn, f64x2.mul(w, z))
      }
    }
    if (instant <= to) break
    const toU = v128.load_splat<f64>(instant, DECAY_MEM)
    const toI = v128.load_splat<f64>(instant, DECAY_SYN)
    const across = v128.load_splat<f64>(instant, KAPPA)
    qI = f64x2.add(
      f64x2.add(f64x2.mul(toI, qI), f64x2.mul(across, qU)),
      f64x2.mul(v128.load_splat<f64>(by, KAPPA_BY_MEM), u),
    )
    z = f64x2.add(
      f64x2.add(f64x2.mul(toI, z), f64x2.mul(v128.load_splat<f64>(by, DECAY_SYN_BY_SYN), i)),
      f64x2.mul(v128.load_splat<f64>(by, KAPPA_BY_SYN), u),
    )
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
}

/** An arrival at all lanes, by the byte offset of its row of weights. */
export function undoTauArrival(offset: usize): void {
  const rows = tauRows(gradient)
  countRead(WEIGHTS, 64)
  countRead(STATE, 64 * 2)
  countBoth(GRADIENTS, 64 * 2)
  for (let at: usize = 0; at < 64; at += 16) {
    const w = v128.load(laneWeights + offset + at)
    const row = rows + at
    v128.store(row, f64x2.add(v128.load(row), f64x2.mul(w, v128.load(lanes + Q_I + at))))
    v128.store(
      row,
      f64x2.add(v128.load(row, GRADIENT_BY_TAU_SYN), f64x2.mul(w, v128.load(lanes + Z + at))),
      GRADIENT_BY_TAU_SYN,
    )
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
