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
} from '../equations/propagator'
import { fillLanes, lane, setLane } from '../lanes/lanes'
import { exp } from '../numerics/exp'
import { gradientBytes, hasInhibition, tauAdapt, tauMem } from '../schema/header'
import { P_A, P_A_TIME, Q_A, Q_I, Q_J, Q_U, Z, Z_J } from '../schema/lanes'
import { GRADIENT_BY_TAU_ADAPT, GRADIENTS, STATE, TAU_ROWS } from '../schema/records'
import { countBoth, countWritten } from '../traffic'

/**
 * The gradient by the time constants of a lane group's neurons, carried backward beside the adjoint: factors of the state, U,
 * I and A, as in src/dynamics/models/tau-adjoint.ts.
 *
 *     qI := e qI + kappa qU + pU dkappa/dtauMem       qU := m qU + pU dm/dtauMem
 *     z  := e z + pI de/dtauSyn + pU dkappa/dtauSyn
 *
 * An arrival adds w qI to dL/dtauMem and w z to dL/dtauSyn; where there are two currents, those of its own.
 */

/** Where these rows begin in a gradient of a lane group. */
export function tauRows(gradient: usize): usize {
  return gradient + gradientBytes() - TAU_ROWS
}

/** Nothing acts on the state after the end of a trial. */
export function beginTaus(): void {
  for (let row = Q_U; row <= Q_A; row += 64) fillLanes(row, 0)
  if (!hasInhibition()) return
  fillLanes(Q_J, 0)
  fillLanes(Z_J, 0)
}

/** A lane back over d ms; the propagator has been asked for, and the adjoint `u`, `i`, `j` is that at the later end. */
export function carryTausBack(n: i32, d: f64, u: f64, i: f64, j: f64): void {
  // From the end of a trial without one nothing comes back.
  if (d == Infinity) return
  differentiate(d)
  const q = lane(Q_U, n)
  setLane(Q_I, n, decaySyn * lane(Q_I, n) + kappa * q + kappaByMem * u)
  setLane(Z, n, decaySyn * lane(Z, n) + decaySynBySyn * i + kappaBySyn * u)
  if (hasInhibition()) {
    differentiateInhibition(d)
    setLane(Q_J, n, decayInh * lane(Q_J, n) + kappaInh * q + kappaInhByMem * u)
    setLane(Z_J, n, decayInh * lane(Z_J, n) + decayInhBySyn * j + kappaInhBySyn * u)
  }
  setLane(Q_U, n, decayMem * q + decayMemByMem * u)
}

/**
 * A lane begins a free course at `u`, d ms before its adjoint of U was `p`: dL/dtauMem += u p D e^{-D/tauMem} / tauMem^2.
 */
export function startCourse(n: i32, u: f64, p: f64, d: f64, gradient: usize): void {
  const x = d / tauMem()
  const at = tauRows(gradient) + 8 * <usize>n
  store<f64>(at, load<f64>(at) + ((u * p) / tauMem()) * x * exp(-x))
  setLane(Q_U, n, 0)
  countWritten(STATE, 8)
  countBoth(GRADIENTS, 8)
}

/** Own spike: the adaptation, back to it and over its rise by `step`; its adjoint has not been carried back. */
export function lowerAdaptation(n: i32, time: f64, step: f64, gradient: usize): void {
  const p = lane(P_A, n)
  const q = lane(Q_A, n)
  if (p == 0 && q == 0) return
  const x = (lane(P_A_TIME, n) - time) / tauAdapt()
  const now = exp(-x) * (q + (p * x) / tauAdapt())
  setLane(Q_A, n, now)
  countBoth(STATE, 8)
  countBoth(GRADIENTS, 8)
  const at = tauRows(gradient) + GRADIENT_BY_TAU_ADAPT + 8 * <usize>n
  store<f64>(at, load<f64>(at) + step * now)
}
