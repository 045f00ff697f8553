import { earlyMoment, exp, expm1, lateMoment } from '../numerics/exp'
import { SMALL, TERMS } from '../schema/constants'
import { fading, perTauMem, until } from '../schema/header'

/** G and G' of the last `respond`. */
export let effect: f64 = 0
export let shift: f64 = 0

/**
 * What an arrival of weight 1 at `time` through a current adds to ∫_0^T e^{-c t} V dt, and how that changes with the time; c = `fading`:
 *
 *     G(t) = e^{-c t} R/tauMem      G'(t) = -e^{-c t} (c R/tauMem + e^{-c D} kappa(D))      D = T - t
 *
 * See src/dynamics/equations/integral-response.ts.
 *
 * @param perTauSyn, gap 1/tauSyn of that current, and |1/tauMem - 1/tauSyn|
 */
export function respond(time: f64, perTauSyn: f64, gap: f64): void {
  const c = fading()
  const slow = c + min(perTauMem(), perTauSyn)
  const d = until() - time
  const faded = c == 0 ? 1 : exp(-c * time)
  const integral = risingIntegral(slow, gap, d) * perTauMem()
  const left = exp(-slow * d)
  const last = left == 0 ? 0 : left * meanDecay(gap, d) * perTauMem()
  effect = faded * integral
  shift = -faded * (c * integral + last)
}

/** dG/dtauMem and dG/dtauSyn of the last `respondToTaus`. */
export let effectByMem: f64 = 0
export let effectBySyn: f64 = 0

/** How G at `time` changes with the time constants. */
export function respondToTaus(time: f64, perTauSyn: f64, gap: f64): void {
  const c = fading()
  const d = until() - time
  const mem = c + perTauMem()
  const syn = c + perTauSyn
  const faded = c == 0 ? 1 : exp(-c * time)
  const twice = doubledIntegral(mem, syn, gap, d) * perTauMem()
  effectByMem = faded * (twice - risingIntegral(min(mem, syn), gap, d)) * perTauMem() * perTauMem()
  effectBySyn = faded * doubledIntegral(syn, mem, gap, d) * perTauMem() * perTauSyn * perTauSyn
}

/** dB/dtauMem. */
export function biasByMem(): f64 {
  const r = fading() + perTauMem()
  const y = r * until()
  const share = y == Infinity ? perTauMem() / r : until() * perTauMem()
  return y == Infinity ? -share * share : -earlyMoment(y, lateMoment(y)) * share * share
}

/** (1 * e^{-twice t} * e^{-twice t} * e^{-once t})(D). */
function doubledIntegral(twice: f64, once: f64, gap: f64, d: f64): f64 {
  const isSlow = twice <= once
  const fast = isSlow ? once : twice
  if (fast * d < 1)
    return d * d * d * exp(-fast * d) * thirdDifference(fast * d, isSlow ? gap * d : 0, isSlow ? 0 : gap * d)
  const left = exp(-(isSlow ? twice : once) * d)
  const y = gap * d
  const late = lateMoment(y)
  const last = left == 0 ? 0 : d * d * left * (isSlow ? late : earlyMoment(y, late))
  const whole = isSlow ? risingIntegral(twice, 0, d) : risingIntegral(once, gap, d)
  return (whole - last) / fast
}

/** sum_n h_n(F, P, P, R)/(n + 3)!. */
function thirdDifference(whole: f64, twice: f64, once: f64): f64 {
  let first: f64 = 1
  let second: f64 = 1
  let third: f64 = 1
  let fourth: f64 = 1
  let factor: f64 = 1.0 / 6.0
  let sum = factor
  for (let n = 1; n < TERMS + 4; n++) {
    first *= whole
    second = twice * second + first
    third = twice * third + second
    fourth = once * fourth + third
    factor /= <f64>(n + 3)
    sum += fourth * factor
  }
  return sum
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
