import type { FactorCache } from './factor-cache.js'
import type { Membrane } from './membrane.js'
import { decayAdaptation, KAPPA_EXC } from './propagator.js'
import { crossingHorizon, firstUpcrossing } from './rolle.js'
import { MARGIN } from './tolerances.js'

/**
 * True when V provably stays below theta for all D, whatever the interval:
 *
 *     max(V, bias) + kappa(Dpeak) max(I_exc, 0) < threshold        (A >= 0 only raises theta)
 *     or, for A = 0, max(I_exc, 0) + bias < threshold              (V' >= 0 needs I + bias >= V)
 *
 * Without a leak V in place of max(V, bias), as long as bias <= 0, and never the second.
 */
export function staysBelow(m: Membrane): boolean {
  const current = Math.max(m.iExc, 0)
  const rest = restOver(m, Infinity)
  const kick = m.constants.peakKappa * current
  const threshold = m.threshold
  if (rest + kick + MARGIN * (Math.abs(rest) + kick) < threshold - MARGIN * Math.abs(threshold)) return true
  if (m.constants.leak === 0 || m.adaptation !== 0 || m.v >= threshold) return false
  return current + m.bias + MARGIN * (current + Math.abs(m.bias)) < threshold - MARGIN * Math.abs(threshold)
}

/** The most that V can be within D ms by itself: max(V, bias), or V + max(bias, 0) D/ms without a leak. */
export function restOver({ v, bias, constants }: Membrane, d: number): number {
  if (constants.leak !== 0) return Math.max(v, bias)
  return bias > 0 ? v + bias * d : v
}

/**
 * True when V provably stays below theta over the next D ms, for every sign of V, I, bias and A >= 0:
 *
 *     max(V, bias) + kappa(min(D, Dpeak)) max(I_exc, 0) < threshold + A e^{-D/tauAdapt}
 *
 * @param d D
 * @param kappa kappa(min(D, Dpeak))
 * @param adaptation A e^{-D/tauAdapt}
 */
export function staysBelowFor(m: Membrane, d: number, kappa: number, adaptation: number): boolean {
  const rest = restOver(m, d)
  const kick = kappa * Math.max(m.iExc, 0)
  const theta = m.threshold + adaptation
  return rest + kick + MARGIN * (Math.abs(rest) + kick) < theta - MARGIN * (Math.abs(m.threshold) + adaptation)
}

/** Whether a bound keeps a membrane from crossing its threshold over the next d ms. */
export function isRuledOut(m: Membrane, d: number, factors: FactorCache): boolean {
  const c = m.constants
  if (m.adaptation === 0) return d < c.peakTime && staysBelowFor(m, d, factors.get(c, d)[KAPPA_EXC] as number, 0)
  const kappa = d < c.peakTime ? (factors.get(c, d)[KAPPA_EXC] as number) : c.peakKappa
  return staysBelowFor(m, d, kappa, m.adaptation * decayAdaptation(c, d))
}

/**
 * Time D >= 0 of the first crossing of V >= threshold + A(D) from the membrane's state, or Infinity.
 *
 * A function of the state alone, never of what comes next. While V rises under an excitatory current V - theta is
 * concave, so Newton's tangents from the left never pass the crossing: the iteration is monotone and complete. Where
 * concavity isn't given, the complete search decides.
 *
 * The horizon only rules out. Theta falls ever slower, and V stays below the tangents of its rise for good, so there is
 * no crossing up to where a tangent ends below 0 by more than rounding, neither on the rise nor later. Where an iterate
 * comes to lie says less: rounding carries it past a crossing with a small slope by any number of ulp.
 *
 * @param horizon a crossing later than this is found or reported as Infinity; one up to it has the bits it has under an
 *   infinite horizon
 */
export function firstCrossing(m: Membrane, horizon: number): number {
  m.at(0)
  if (m.excess >= 0) return 0
  if (m.iInh !== 0 || m.iExc < 0) return firstUpcrossing(m)
  const rounding = MARGIN * (Math.abs(m.v) + Math.abs(m.bias) + m.iExc + Math.abs(m.threshold) + m.adaptation)
  const beyond = crossingHorizon(m.constants)
  let d = 0
  while (m.vSlope >= 0 && m.excessSlope > 0) {
    if (m.excess + m.excessSlope * (horizon - d) < -rounding) return Infinity
    const before = d
    d -= m.excess / m.excessSlope
    if (d === before) return d
    if (d > beyond) return Infinity
    m.at(d)
    // Rounding alone carries an iterate beyond the crossing; one step back takes out what it can.
    if (m.excess >= 0) return m.excessSlope > 0 ? Math.max(before, d - m.excess / m.excessSlope) : d
  }
  return m.adaptation === 0 || staysUnderThreshold(m) ? Infinity : firstUpcrossing(m)
}

/** V has one extremum and is past it: it falls towards the bias, while theta may fall onto it as far as the threshold. */
function staysUnderThreshold({ vAt, threshold, bias, constants }: Membrane): boolean {
  return vAt < threshold && (constants.leak === 0 || bias < threshold)
}
