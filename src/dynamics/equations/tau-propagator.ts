import { earlyMoment, lateMoment } from '../../numerics/exp-moments.js'
import { DECAY_EXC, DECAY_INH, DECAY_MEM, KAPPA_EXC, KAPPA_INH } from './propagator.js'
import type { SynapticConstants, TimeConstants } from './time-constants.js'

/** Places of the derivatives in the buffer `propagateTaus` fills. */
export const DECAY_MEM_BY_MEM = 0
export const KAPPA_EXC_BY_MEM = 1
export const DECAY_EXC_BY_SYN = 2
export const KAPPA_EXC_BY_SYN = 3
export const KAPPA_INH_BY_MEM = 4
export const DECAY_INH_BY_SYN = 5
export const KAPPA_INH_BY_SYN = 6
export const TAU_PROPAGATOR_SIZE = 7

/**
 * The derivatives of the propagator over D ms by the time constants, in 1/ms:
 *
 *     d e^{-D/tau} / dtau = D e^{-D/tau} / tau^2
 *     dkappa / dtauMem    = J / tauMem^3 - kappa / tauMem        J = integral of x e^{-x/tauMem} e^{-(D-x)/tauSyn}
 *     dkappa / dtauSyn    = K / (tauMem tauSyn^2)                K = integral of x e^{-x/tauSyn} e^{-(D-x)/tauMem}
 *
 * over x in [0, D]; 0 where the constant itself is 0 or Infinity, and 1 ms in place of tauMem in dkappa/dtauSyn without a leak.
 * Both integrals are D^2 times the slower exponential times a first moment of e^{-rate x}, so equal and nearly equal constants
 * keep full precision.
 *
 * @param d step in ms, >= 0 and finite
 * @param factors of the propagator over the same step
 * @param out receives the derivatives; the inhibitory ones equal the excitatory ones when there is one current
 */
export function propagateTaus(c: TimeConstants, d: number, factors: Float64Array, out: Float64Array): void {
  out[DECAY_MEM_BY_MEM] = ((factors[DECAY_MEM] as number) * (d / c.tauMem)) / c.tauMem
  differentiate(c, c.exc, d, factors, DECAY_EXC, out, KAPPA_EXC_BY_MEM)
  if (c.split) {
    differentiate(c, c.inh, d, factors, DECAY_INH, out, KAPPA_INH_BY_MEM)
    return
  }
  out[KAPPA_INH_BY_MEM] = out[KAPPA_EXC_BY_MEM] as number
  out[DECAY_INH_BY_SYN] = out[DECAY_EXC_BY_SYN] as number
  out[KAPPA_INH_BY_SYN] = out[KAPPA_EXC_BY_SYN] as number
}

/** Writes dkappa/dtauMem, de^{-D/tauSyn}/dtauSyn and dkappa/dtauSyn from out[place] on. */
function differentiate(
  { tauMem, tauDrive, isInstant }: TimeConstants,
  { tauSyn, rate, membraneIsSlower }: SynapticConstants,
  d: number,
  factors: Float64Array,
  decay: typeof DECAY_EXC | typeof DECAY_INH,
  out: Float64Array,
  place: number,
): void {
  if (isInstant) {
    out.fill(0, place, place + 3)
    return
  }
  const decaySyn = factors[decay] as number
  const kappa = factors[decay === DECAY_EXC ? KAPPA_EXC : KAPPA_INH] as number
  const y = d * rate
  const late = lateMoment(y)
  const early = earlyMoment(y, late)
  const slow = d * d * (membraneIsSlower ? (factors[DECAY_MEM] as number) : decaySyn)
  const ofMem = slow * (membraneIsSlower ? late : early)
  const ofSyn = slow * (membraneIsSlower ? early : late)
  out[place] = (ofMem / (tauMem * tauMem) - kappa) / tauMem
  out[place + 1] = (decaySyn * (d / tauSyn)) / tauSyn
  out[place + 2] = ofSyn / (tauDrive * tauSyn * tauSyn)
}
