import { MARGIN } from '../schema/constants'
import { perTauMem, perTauSyn, ratio, searchHorizon, tauAdapt } from '../schema/header'
import { peaksBelow, polynomialCrossing } from './polynomial-crossing'
import { adaptationAfter, decayMem, decayMemM1, decaySyn, kappa, propagate } from './propagator'
import { firstUpcrossing } from './rolle'

/** U(D) - theta(D) of the last `look`, its slope, the slope of U, and U(D). */
let excess: f64 = 0
let excessSlope: f64 = 0
let slope: f64 = 0
let height: f64 = 0

/**
 * What rules a crossing out over an interval, whatever the adaptation (it only raises theta):
 *
 *     max(U, 0) + kappa(min(D, Dpeak)) max(I, 0) < test
 */
export function testOf(threshold: f64): f64 {
  return threshold == Infinity ? Infinity : threshold - 4 * MARGIN * abs(threshold)
}

/**
 * Time D >= 0 of the first crossing of U >= threshold + A(D), or Infinity; U = V - bias, and the threshold less the bias.
 *
 * A function of the state alone. Twin of src/dynamics/equations/crossing.ts: while U rises under a positive current U - theta is
 * concave, so Newton's tangents from the left never pass the crossing. A tangent that is below 0 by more than rounding
 * at the horizon rules out all crossings up to there.
 *
 * @param horizon a crossing later than this is found or reported as Infinity; one up to it has the bits it has under an
 *   infinite horizon
 */
export function firstCrossing(u: f64, i: f64, a: f64, threshold: f64, horizon: f64): f64 {
  excess = u - threshold - a
  if (excess >= 0) return 0
  if (i <= 0) {
    // U goes to rest from below, or falls; so does theta, but not below the threshold.
    if (threshold > 0 && u < threshold) return Infinity
    if (i < 0) return firstUpcrossing(u, i, 0, a, threshold)
  }
  // U' >= 0 needs I >= U, and I falls.
  if (a == 0 && i + MARGIN * i < threshold) return Infinity
  if (ratio() > 1 && i > 0) {
    if (a == 0) return polynomialCrossing(u, i, threshold, horizon)
    if (peaksBelow(u, i, threshold)) return Infinity
  }
  slope = (i - u) * perTauMem()
  excessSlope = slope + a / tauAdapt()
  height = u
  const rounding = MARGIN * (abs(u) + i + abs(threshold) + a)
  const beyond = searchHorizon()
  let d: f64 = 0
  while (slope >= 0 && excessSlope > 0) {
    if (excess + excessSlope * (horizon - d) < -rounding) return Infinity
    const before = d
    d -= excess / excessSlope
    if (d == before) return d
    if (d > beyond) return Infinity
    look(u, i, a, threshold, d)
    // Rounding alone carries an iterate beyond the crossing; one step back takes out what it can.
    if (excess >= 0) return excessSlope > 0 ? max(before, d - excess / excessSlope) : d
  }
  // U has one extremum and is past it: it falls to rest, while theta may fall onto it as far as the threshold.
  if (height < threshold && threshold > 0) return Infinity
  return a == 0 ? Infinity : firstUpcrossing(u, i, 0, a, threshold)
}

function look(u: f64, i: f64, a: f64, threshold: f64, d: f64): void {
  propagate(d)
  const driven = kappa * i
  const aNow = inline.always(adaptationAfter(a, d))
  // Small steps start from the small difference U - threshold.
  height = u * decayMem + driven
  excess = (decayMemM1 > -0.4 ? u - threshold + (u * decayMemM1 + driven) : height - threshold) - aNow
  slope = (i - u) * perTauMem() * decayMem - kappa * i * perTauSyn()
  excessSlope = aNow == 0 ? slope : slope + aNow / tauAdapt()
}

/** The current after D ms: the last `propagate` need not be asked again. */
export function currentAfter(i: f64, d: f64): f64 {
  if (!(d > 0)) return i
  propagate(d)
  return i * decaySyn
}
