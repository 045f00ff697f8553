import { exp } from '../../numerics/exp.js'
import { expm1 } from '../../numerics/expm1.js'
import type { SynapticConstants, TimeConstants } from './time-constants.js'
import { SMALL } from './tolerances.js'

/** Places of the factors in the buffer `propagate` fills. */
export const DECAY_MEM = 0
/** e^{-D/tauMem} - 1, without cancellation; -D/ms where tauMem is Infinity. */
export const DECAY_MEM_M1 = 1
export const DECAY_EXC = 2
export const KAPPA_EXC = 3
export const DECAY_INH = 4
export const KAPPA_INH = 5
export const PROPAGATOR_SIZE = 6

/**
 * The propagator over D ms without events:
 *
 *     V(D) = V e^{-D/tauMem} + kappa(D) I + bias (1 - e^{-D/tauMem})      I(D) = I e^{-D/tauSyn}
 *     kappa(D) = tauSyn / (tauSyn - tauMem) (e^{-D/tauSyn} - e^{-D/tauMem})
 *
 * kappa is written as scale · slow · (1 - e^{-rate D}), slow the slower exponential and rate = |1/tauMem - 1/tauSyn|,
 * so equal (kappa = D/tauMem e^{-D/tauMem}) and nearly equal constants keep full precision.
 *
 * Where tauMem is Infinity, V(D) = V + kappa(D) I + bias D/ms, kappa(D) = tauSyn (1 - e^{-D/tauSyn})/ms. Where tauSyn is 0,
 * there is no I, and kappa = 0.
 *
 * @param d step in ms, >= 0
 * @param out receives the six factors; the inhibitory pair equals the excitatory one when there is one current
 */
export function propagate(c: TimeConstants, d: number, out: Float64Array): void {
  const x = d / c.tauMem
  let m: number
  if (c.leak === 0) {
    m = 1
    out[DECAY_MEM_M1] = -d
  } else if (x < SMALL) {
    const m1 = expm1(-x)
    m = 1 + m1
    out[DECAY_MEM_M1] = m1
  } else {
    m = exp(-x)
    out[DECAY_MEM_M1] = m - 1
  }
  out[DECAY_MEM] = m
  propagateCurrent(c.exc, d, x, m, out, DECAY_EXC)
  if (c.split) propagateCurrent(c.inh, d, x, m, out, DECAY_INH)
  else {
    out[DECAY_INH] = out[DECAY_EXC] as number
    out[KAPPA_INH] = out[KAPPA_EXC] as number
  }
}

/** Writes e^{-D/tauSyn} and kappa(D) to out[place], out[place + 1]; m = e^{-x}, x = D/tauMem. */
function propagateCurrent(s: SynapticConstants, d: number, x: number, m: number, out: Float64Array, place: number) {
  if (s.tauSyn === 0) {
    out[place] = 0
    out[place + 1] = 0
    return
  }
  const y = d * s.rate
  if (s.membraneIsSlower) {
    if (y === 0) {
      out[place] = m
      out[place + 1] = x * m
    } else if (y < SMALL) {
      const e1 = expm1(-y)
      out[place] = m + m * e1
      out[place + 1] = -s.scale * m * e1
    } else {
      const fast = exp(-d / s.tauSyn)
      out[place] = fast
      out[place + 1] = s.scale * (m - fast)
    }
  } else {
    const slow = exp(-d / s.tauSyn)
    out[place] = slow
    out[place + 1] = y < SMALL ? -s.scale * slow * expm1(-y) : s.scale * (slow - m)
  }
}

/** Decay of the adaptation over D: e^{-D/tauAdapt}. */
export function decayAdaptation(c: TimeConstants, d: number): number {
  return exp(-d / c.tauAdapt)
}
