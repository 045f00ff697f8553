import { exp } from './exp'
import { expm1 } from './expm1'
import { fading, perTauMem, perTauSyn, rate, until } from './plan'

/** As in src/dynamics/integral-response.ts. */
const SMALL: f64 = 0.5
const TERMS: i32 = 18

/** G and G' of the last `respond`. */
export let effect: f64 = 0
export let shift: f64 = 0

/**
 * What an arrival of weight 1 at `time` adds to ∫_0^T e^{-c t} V dt, and how that changes with the time; c = `fading`:
 *
 *     G(t) = e^{-c t} R/tauMem      G'(t) = -e^{-c t} (c R/tauMem + e^{-c D} kappa(D))      D = T - t
 *
 * See src/dynamics/integral-response.ts.
 */
export function respond(time: f64): void {
  const c = fading()
  const slow = c + min(perTauMem(), perTauSyn())
  const gap = rate()
  const d = until() - time
  const faded = c == 0 ? 1 : exp(-c * time)
  const integral = risingIntegral(slow, gap, d) * perTauMem()
  const left = exp(-slow * d)
  const last = left == 0 ? 0 : left * meanDecay(gap, d) * perTauMem()
  effect = faded * integral
  shift = -faded * (c * integral + last)
}

/** dS/dbias = ∫_0^T e^{-c u} (1 - e^{-u/tauMem}) du. */
export function biasResponse(): f64 {
  return risingIntegral(fading(), perTauMem(), until()) * perTauMem()
}

/** ∫_0^D e^{-s u} (1 - e^{-gap u})/gap du. */
function risingIntegral(s: f64, gap: f64, d: f64): f64 {
  const sum = s + gap
  const whole = sum * d
  if (whole < 1) return d * d * exp(-whole) * dividedDifference(whole, gap * d)
  const x = s * d
  const left = x < SMALL ? 1 + expm1(-x) : exp(-x)
  const gone = x < SMALL ? -expm1(-x) : 1 - left
  const early = s == 0 ? d : gone / s
  return (early - (left == 0 ? 0 : left * meanDecay(gap, d))) / sum
}

function meanDecay(r: f64, d: f64): f64 {
  return r == 0 ? d : -expm1(-r * d) / r
}

/** sum_n h_n(F, Y)/(n + 2)!, the divided difference of e^x at F, Y and 0. */
function dividedDifference(whole: f64, gap: f64): f64 {
  let power: f64 = 1
  let symmetric: f64 = 1
  let factor: f64 = 0.5
  let sum = factor
  for (let n = 1; n < TERMS; n++) {
    power *= gap
    symmetric = whole * symmetric + power
    factor /= <f64>(n + 2)
    sum += symmetric * factor
  }
  return sum
}
