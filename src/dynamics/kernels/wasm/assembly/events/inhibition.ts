import { decayMem, decayMemM1, kappa } from '../equations/propagator'
import { exp } from '../numerics/exp'
import { expm1 } from '../numerics/expm1'
import { SMALL } from '../schema/constants'
import {
  hasInhibition,
  inhibitionGap,
  membraneIsSlowerInh,
  perTauMem,
  rateInh,
  ratioInh,
  scaleInh,
  tauSynInh,
} from '../schema/header'

/**
 * Where a group has two synaptic currents, weights of at least 0 add to I, those below 0 to J, each with a time constant of
 * its own, so that I >= 0 >= J:
 *
 *     tauMem U' = -U + I + J      tauSyn I' = -I      tauSynInh J' = -J
 */

/** Whether a weight drives the inhibitory current. */
export function isInhibitory(weight: f64): bool {
  return weight < 0 && hasInhibition()
}

/** More than what rounding makes of a share. */
const MARGIN: f64 = 1e-12

/** The factors of the last `propagateInhibition`: e^{-D/tauSynInh} and kappa(D) of the inhibitory current. */
export let decayInh: f64 = 1
export let kappaInh: f64 = 0

/** The inhibitory current over D ms without events: that of `propagate`, which has been asked for the same D. */
export function propagateInhibition(d: f64): void {
  const q = decayMem
  switch (ratioInh()) {
    case 4: {
      const q2 = q * q
      decayInh = q2 * q2
      kappaInh = scaleInh() * q * -decayMemM1 * (1 + q + q2)
      break
    }
    case 2:
      decayInh = q * q
      kappaInh = scaleInh() * q * -decayMemM1
      break
    case 1:
      decayInh = q
      kappaInh = q == 0 ? 0 : d * perTauMem() * q
      break
    default:
      propagateAlone(d, q)
  }
}

function propagateAlone(d: f64, m: f64): void {
  const y = d * rateInh()
  if (membraneIsSlowerInh()) {
    if (y < SMALL) {
      const e1 = expm1(-y)
      decayInh = m + m * e1
      kappaInh = -scaleInh() * m * e1
    } else {
      decayInh = exp(-d / tauSynInh())
      kappaInh = scaleInh() * (m - decayInh)
    }
  } else {
    decayInh = exp(-d / tauSynInh())
    kappaInh = y < SMALL ? -scaleInh() * decayInh * expm1(-y) : scaleInh() * (decayInh - m)
  }
}

/** kappaInh(D) = c (e^{-D/tauSynInh} - e^{-D/tauMem}), c = tauSynInh / (tauSynInh - tauMem); 0 where both are equal. */
export function inhibitoryCrossShare(): f64 {
  return membraneIsSlowerInh() ? -scaleInh() : scaleInh()
}

/**
 * The share r of J that at least is with I wherever U is looked at within D ms, after both propagators over D:
 *
 *     kappa(t) I + kappaInh(t) J <= kappa(t) (I + r J),   0 <= t <= D
 *
 * kappaInh / kappa is the mean of e^{-(1/tauSynInh - 1/tauSyn) s} over 0 <= s <= t with weights that do not depend on t: it is
 * 1 at first, rises with t where inhibition lasts longer, and falls where it goes first. Crossings up to half an ulp beyond
 * `time` still round to it.
 */
export function leastShare(time: f64): f64 {
  if (inhibitionGap() <= 0) return 1 - MARGIN
  if (!(kappa > 0)) return 0
  const share = kappaInh / kappa - time * f64.EPSILON * inhibitionGap()
  return max(min(share, 1) - MARGIN, 0)
}
