import { inhibitionOf } from '../events/inhibition-instants'
import { gradient, laneWeights } from '../events/own-events'
import { inhibitoryTauFactorsOf, tauFactorsOf } from '../events/tau-instants'
import { tauRows } from '../gradients/taus'
import { lanes } from '../lanes/lanes'
import { P_I, P_J, P_U, Q_I, Q_J, Q_U, Z, Z_J } from '../schema/lanes'
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
  GRADIENTS,
  INHIBITION,
  INHIBITION_DECAY,
  INHIBITION_KAPPA,
  INSTANT,
  KAPPA,
  KAPPA_BY_MEM,
  KAPPA_BY_SYN,
  STATE,
  TAU_FACTORS,
  WEIGHTS,
} from '../schema/records'
import { countBoth, countRead } from '../traffic'

/** The same as `backwardTausQuietly` with two synaptic currents. */
export function backwardTausQuietlyTwo(from: usize, to: usize, withArrivals: bool): void {
  const by = tauFactorsOf(from)
  const byJ = inhibitoryTauFactorsOf(from)
  const inhibition = inhibitionOf(from)
  for (let at: usize = 0; at < 64; at += 16) backwardPair(from, to, by, byJ, inhibition, withArrivals, true, at)
}

/** The same as `backwardTauLanes`, with what else belongs to the instant. */
export function backwardTauLanesTwo(instant: usize, by: usize, byJ: usize, inhibition: usize): void {
  for (let at: usize = 0; at < 64; at += 16)
    backwardPair(instant, instant - INSTANT, by, byJ, inhibition, false, false, at)
}

/** @param by, byJ, inhibition what belongs to the first instant */
function backwardPair(
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
  let j = v128.load(here, P_J)
  let qU = v128.load(here, Q_U)
  let qI = v128.load(here, Q_I)
  let qJ = v128.load(here, Q_J)
  let z = v128.load(here, Z)
  let zJ = v128.load(here, Z_J)
  let byMem = v128.load(rows)
  let bySyn = v128.load(rows, GRADIENT_BY_TAU_SYN)
  let byInh = v128.load(rows, GRADIENT_BY_TAU_SYN_INH)
  let instant = from
  for (let isDue = withArrivals; ; isDue = withLaterOnes) {
    if (isDue) {
      const stop = <usize>load<u32>(instant, ARRIVALS)
      for (let arrival = <usize>load<u32>(instant, ARRIVALS_END); arrival > stop; ) {
        arrival -= ARRIVAL
        const w = v128.load(weights + <usize>load<u32>(arrival))
        const exciting = f64x2.pmax(zero, w)
        const inhibiting = f64x2.pmin(zero, w)
        byMem = f64x2.add(byMem, f64x2.mul(exciting, qI))
        byMem = f64x2.add(byMem, f64x2.mul(inhibiting, qJ))
        bySyn = f64x2.add(bySyn, f64x2.mul(exciting, z))
        byInh = f64x2.add(byInh, f64x2.mul(inhibiting, zJ))
      }
    }
    if (instant <= to) break
    const toU = v128.load_splat<f64>(instant, DECAY_MEM)
    const toI = v128.load_splat<f64>(instant, DECAY_SYN)
    const across = v128.load_splat<f64>(instant, KAPPA)
    const toJ = v128.load_splat<f64>(inhibition, INHIBITION_DECAY)
    const acrossJ = v128.load_splat<f64>(inhibition, INHIBITION_KAPPA)
    qI = f64x2.add(
      f64x2.add(f64x2.mul(toI, qI), f64x2.mul(across, qU)),
      f64x2.mul(v128.load_splat<f64>(by, KAPPA_BY_MEM), u),
    )
    qJ = f64x2.add(
      f64x2.add(f64x2.mul(toJ, qJ), f64x2.mul(acrossJ, qU)),
      f64x2.mul(v128.load_splat<f64>(byJ, KAPPA_BY_MEM), u),
    )
    z = f64x2.add(
      f64x2.add(f64x2.mul(toI, z), f64x2.mul(v128.load_splat<f64>(by, DECAY_SYN_BY_SYN), i)),
      f64x2.mul(v128.load_splat<f64>(by, KAPPA_BY_SYN), u),
    )
    zJ = f64x2.add(
      f64x2.add(f64x2.mul(toJ, zJ), f64x2.mul(v128.load_splat<f64>(byJ, DECAY_SYN_BY_SYN), j)),
      f64x2.mul(v128.load_splat<f64>(byJ, KAPPA_BY_SYN), u),
    )
    qU = f64x2.add(f64x2.mul(toU, qU), f64x2.mul(v128.load_splat<f64>(by, DECAY_MEM_BY_MEM), u))
    i = f64x2.add(f64x2.mul(toI, i), f64x2.mul(across, u))
    j = f64x2.add(f64x2.mul(toJ, j), f64x2.mul(acrossJ, u))
    u = f64x2.mul(toU, u)
    instant -= INSTANT
    inhibition -= INHIBITION
    by -= TAU_FACTORS
    byJ -= TAU_FACTORS
  }
  v128.store(here, qU, Q_U)
  v128.store(here, qI, Q_I)
  v128.store(here, qJ, Q_J)
  v128.store(here, z, Z)
  v128.store(here, zJ, Z_J)
  v128.store(rows, byMem)
  v128.store(rows, bySyn, GRADIENT_BY_TAU_SYN)
  v128.store(rows, byInh, GRADIENT_BY_TAU_SYN_INH)
}

/** The same as `undoTauArrival`: the sign of each weight says whose time constant it moves with. */
export function undoTauArrivalTwo(offset: usize): void {
  const zero = f64x2.splat(0)
  countRead(WEIGHTS, 64)
  countRead(STATE, 64 * 4)
  countBoth(GRADIENTS, 64 * 3)
  for (let at: usize = 0; at < 64; at += 16) {
    const w = v128.load(laneWeights + offset + at)
    const here = lanes + at
    const row = tauRows(gradient) + at
    const exciting = f64x2.pmax(zero, w)
    const inhibiting = f64x2.pmin(zero, w)
    const byMem = f64x2.add(v128.load(row), f64x2.mul(exciting, v128.load(here, Q_I)))
    v128.store(row, f64x2.add(byMem, f64x2.mul(inhibiting, v128.load(here, Q_J))))
    const bySyn = f64x2.mul(exciting, v128.load(here, Z))
    v128.store(row, f64x2.add(v128.load(row, GRADIENT_BY_TAU_SYN), bySyn), GRADIENT_BY_TAU_SYN)
    const byInh = f64x2.mul(inhibiting, v128.load(here, Z_J))
    v128.store(row, f64x2.add(v128.load(row, GRADIENT_BY_TAU_SYN_INH), byInh), GRADIENT_BY_TAU_SYN_INH)
  }
}
