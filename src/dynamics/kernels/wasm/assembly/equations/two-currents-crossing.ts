import { log1p } from '../numerics/log1p'
import { MARGIN } from '../schema/constants'
import { inhibitionGap, perTauMem, perTauSyn, perTauSynInh, searchHorizon, tauSyn, tauSynInh } from '../schema/header'
import { excess, excessSlope, height, iNow, jNow, look, refineCrossing, setOff, slope } from './course'
import { firstCrossing } from './crossing'
import { firstUpcrossing } from './rolle'

/** Of a crossing's time, in ms: less than what is attainable. */
const ROUNDING: f64 = 1e-15
/** More of Euler's steps than this are never needed near the root. */
const STEPS: i32 = 8

/**
 * Time D >= 0 of the first crossing of U >= threshold + A(D), or Infinity, where I >= 0 excites and J <= 0 inhibits. A
 * function of the state alone.
 *
 * As long as the threshold is above rest a crossing needs I + J > 0, and the search is complete with one look more than
 * that of one current:
 *
 *  - Where inhibition lasts at least as long as excitation I + J falls as long as it is positive, and stays negative then.
 *    So while U rises above rest it is concave, and once it falls it does so for as long as it is above rest.
 *  - Where inhibition goes first, I + J may rise at first, up to the instant at which I/tauSyn = -J/tauSynInh. Until then U
 *    falls and rises again, once: it is largest at an end. From there on I + J falls, and U has one maximum at most.
 *
 * From there Newton's tangents from the left never pass the crossing, as in `firstCrossing`. Everything else is left to
 * `firstUpcrossing`.
 *
 * @param horizon a crossing later than this is found or reported as Infinity; one up to it has the bits it has under an
 *   infinite horizon
 */
export function firstCrossingOfTwo(u: f64, i: f64, j: f64, a: f64, threshold: f64, horizon: f64): f64 {
  return j == 0 ? firstCrossing(u, i, a, threshold, horizon) : crossingOfTwo(u, i, j, a, threshold, horizon)
}

function crossingOfTwo(u: f64, i: f64, j: f64, a: f64, threshold: f64, horizon: f64): f64 {
  setOff(u, i, j, a, threshold)
  if (excess >= 0) return 0
  if (!(threshold > 0)) return firstUpcrossing(u, i, j, a, threshold)
  const isBelow = u < threshold
  let d: f64 = 0
  if (tauSynInh() < tauSyn()) {
    // No current excites.
    if (i == 0) return isBelow ? Infinity : firstUpcrossing(u, i, j, a, threshold)
    d = whenCurrentFalls(i, j)
    if (d > 0) {
      if (!isBelow) return firstUpcrossing(u, i, j, a, threshold)
      look(d)
      if (excess >= 0) return refineCrossing(0, d)
    }
  } else if (i + j <= 0) return isBelow ? Infinity : firstUpcrossing(u, i, j, a, threshold)
  // U' >= 0 needs I + J >= U, and I + J falls.
  if (a == 0 && iNow + jNow + MARGIN * (iNow - jNow) < threshold) return Infinity
  const rounding = MARGIN * (abs(u) + i - j + threshold + a)
  if (a == 0 && slope > 0) {
    if (excess + slope * (horizon - d) < -rounding) return Infinity
    const leapt = leap(d)
    if (leapt >= 0) return leapt
    if (d > 0) look(d)
    else setOff(u, i, j, a, threshold)
  }
  const beyond = searchHorizon()
  while (slope >= 0 && excessSlope > 0) {
    if (excess + excessSlope * (horizon - d) < -rounding) return Infinity
    const before = d
    d -= excess / excessSlope
    if (d == before) return d
    if (d > beyond) return Infinity
    look(d)
    // Rounding alone carries an iterate beyond the crossing; one step back takes out what it can.
    if (excess >= 0) return excessSlope > 0 ? max(before, d - excess / excessSlope) : d
  }
  // U is past its maximum: it falls below rest, or to it, while theta may fall onto it as far as the threshold.
  if (height < threshold || a == 0) return Infinity
  return firstUpcrossing(u, i, j, a, threshold)
}

/**
 * The crossing by Euler's steps, each to where the parabola meets the threshold, from the last look on; negative where that
 * leads astray. As long as U rises wherever it is looked at there is one crossing on its way up.
 */
function leap(from: f64): f64 {
  let d = from
  for (let step = 0; step < STEPS; step++) {
    const bend = -(slope + iNow * perTauSyn() + jNow * perTauSynInh()) * perTauMem()
    const square = slope * slope - 2 * bend * excess
    if (!(square > 0)) return -1
    const move = (-2 * excess) / (slope + sqrt(square))
    d += move
    if (!(d >= from)) return -1
    // What is left is the cube of the move, times (U'' / U')^2 / 2 - U''' / 6 U'.
    const twist =
      (abs(bend) + abs(iNow) * perTauSyn() * perTauSyn() + abs(jNow) * perTauSynInh() * perTauSynInh()) * perTauMem()
    const cube = abs(move * move * move)
    if (cube * (bend * bend + twist * slope) < ROUNDING * slope * slope) return d
    look(d)
    if (!(slope > 0)) return -1
  }
  return -1
}

/** From when on I + J rises again, where inhibition lasts longer; 0: from the start, Infinity: never. */
export function whenInhibitionPrevails(i: f64, j: f64): f64 {
  const excites = i * perTauSyn()
  const x = (-j * perTauSynInh() - excites) / excites
  if (!(x < 0)) return 0
  return inhibitionGap() == 0 ? Infinity : log1p(x) / inhibitionGap()
}

/** From when on I + J falls, where inhibition goes first: when I/tauSyn = -J/tauSynInh; 0: from the start. */
export function whenCurrentFalls(i: f64, j: f64): f64 {
  const excites = i * perTauSyn()
  const x = (-j * perTauSynInh() - excites) / excites
  return x > 0 ? min(log1p(x) / inhibitionGap(), searchHorizon()) : 0
}
