import type { Membrane } from './membrane.js'
import { firstUpcrossing, searchHorizon } from './rolle.js'
import { MARGIN } from './tolerances.js'

/**
 * True when V provably stays below theta for all D, whatever the interval:
 *
 *     max(V, bias) + kappa(Dpeak) max(I_exc, 0) < threshold        (A >= 0 only raises theta)
 *     or, for A = 0, max(I_exc, 0) + bias < threshold              (V' >= 0 needs I + bias >= V)
 */
export function staysBelow(m: Membrane): boolean {
  const current = Math.max(m.iExc, 0)
  const rest = Math.max(m.v, m.bias)
  const kick = m.constants.peakKappa * current
  const threshold = m.threshold
  if (rest + kick + MARGIN * (Math.abs(rest) + kick) < threshold - MARGIN * Math.abs(threshold)) return true
  if (m.adaptation !== 0 || m.v >= threshold) return false
  return current + m.bias + MARGIN * (current + Math.abs(m.bias)) < threshold - MARGIN * Math.abs(threshold)
}

/**
 * True when V provably stays below theta over the next D ms, for every sign of V, I, bias and A >= 0:
 *
 *     max(V, bias) + kappa(min(D, Dpeak)) max(I_exc, 0) < threshold + A e^{-D/tauAdapt}
 *
 * @param kappa kappa(min(D, Dpeak))
 * @param adaptation A e^{-D/tauAdapt}
 */
export function staysBelowFor(m: Membrane, kappa: number, adaptation: number): boolean {
  const rest = Math.max(m.v, m.bias)
  const kick = kappa * Math.max(m.iExc, 0)
  const theta = m.threshold + adaptation
  return rest + kick + MARGIN * (Math.abs(rest) + kick) < theta - MARGIN * (Math.abs(m.threshold) + adaptation)
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
  const beyond = searchHorizon(m.constants)
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
  // V has one extremum and is past it: it falls towards the bias, while theta may fall onto it as far as the threshold.
  if (m.vAt < m.threshold && m.bias < m.threshold) return Infinity
  return m.adaptation === 0 ? Infinity : firstUpcrossing(m)
}
