import { log1p } from '../numerics/log1p'
import { MARGIN } from '../schema/constants'
import { perTauMem, ratio, scale, tauMem } from '../schema/header'

/** More than what rounding takes from a sum of two, relative to what is added. */
const ROUNDED: f64 = 1e-15
/** A share of an exponential's course that no time constant turns into more than 1e-14 ms. */
const ROUNDING: f64 = 1e-17
/** More of Halley's steps than this are never needed near the root. */
const STEPS: i32 = 8

/**
 * Crossings without adaptation where tauMem / tauSyn = m is 2 or 4, so that U is a polynomial of x = e^{-D/tauMem}:
 *
 *     U = s x - drive x^m = u - y (u - drive x (1 + … + x^{m - 2}))      s = u + drive,  drive = scale i
 *     y = 1 - x,   D = -tauMem log1p(-y)
 *
 * Where U rises it is concave in y, so there is one crossing on the way up or none. No exponential is needed.
 *
 * @param i above 0
 * @param horizon a crossing later than this is found or reported as Infinity; one up to it has the bits it has under an
 *   infinite horizon
 */
export function polynomialCrossing(u: f64, i: f64, threshold: f64, horizon: f64): f64 {
  const y = fallAtCrossing(u, i, scale() * i, threshold, min(1, horizon * perTauMem()))
  return y < 1 ? -tauMem() * log1p(-y) : Infinity
}

/**
 * y of that crossing; 1 or more if there is none.
 *
 * @param drive scale i
 * @param beyond a crossing at a larger y is found or not; one up to it has the bits that it has under 1
 */
export function fallAtCrossing(u: f64, i: f64, drive: f64, threshold: f64, beyond: f64): f64 {
  const gap = u - threshold
  const rise = (ratio() == 4 ? 3 * drive : drive) - u
  if (!(rise > 0) || peaksUnder(u, drive, threshold)) return 1
  const rounding = MARGIN * (abs(u) + i + abs(threshold))
  // The first tangent is above U.
  if (gap + rise * beyond < -rounding) return 1
  const y = leap(u, drive, gap, rise)
  return y >= 0 ? y : climb(u, drive, gap, rise, beyond, rounding)
}

/**
 * True when U stays below the threshold for ever. Its maximum lies at x^{m - 1} = s / (m drive):
 *
 *     s^2 < 4 drive theta   (m = 2)        27 s^4 < 256 drive theta^3   (m = 4)
 */
export function peaksBelow(u: f64, i: f64, threshold: f64): bool {
  return peaksUnder(u, scale() * i, threshold)
}

function peaksUnder(u: f64, drive: f64, threshold: f64): bool {
  if (!(threshold > 0 && u < threshold)) return false
  const s = u + drive + ROUNDED * (abs(u) + drive)
  if (!(s > 0)) return true
  const s2 = s * s * (1 + MARGIN)
  if (ratio() == 2) return s2 < 4 * drive * threshold
  return 27 * s2 * s2 < 256 * drive * threshold * threshold * threshold
}

/**
 * Halley's steps from near where the parabola at y = 0 meets the threshold; negative where that leads astray. U - theta, its slope in
 * y and Taylor's next two coefficients are at first
 *
 *     gap = u - theta      rise = (m - 1) drive - u      bend = -(m - 1) m / 2 drive      twist = 4 drive, or 0 (m = 2)
 */
function leap(u: f64, drive: f64, gap0: f64, rise0: f64): f64 {
  return ratio() == 4 ? leapFour(u, drive, gap0, rise0) : leapTwo(u, drive, gap0, rise0)
}

function leapFour(u: f64, drive: f64, gap0: f64, rise0: f64): f64 {
  const square = rise0 * rise0 + 24 * drive * gap0
  // Where the parabola stays below, its maximum.
  let y = rise0 / (12 * drive)
  if (square > 0) {
    const slope = sqrt(square)
    y = (-2 * gap0) / (rise0 + slope)
    // What the parabola lacks is 4 drive y^3 at first; where that is much the parabola is the better start.
    const lack = (4 * drive * y * y) / slope
    if (lack < 0.125) y -= y * lack
  }
  for (let step = 0; step < STEPS; step++) {
    if (!(y < 1)) return -1
    const x = 1 - y
    const x2 = x * x
    const driven = drive * x
    const gap = gap0 - y * (u - driven * (1 + x + x2))
    const rise = 4 * driven * x2 - drive - u
    const bend = -6 * drive * x2
    const below = rise * rise - gap * bend
    if (!(rise > 0 && below > 0)) return -1
    const move = (gap * rise) / below
    y -= move
    if (isLast(move, rise, bend, 4 * driven)) return max(y, 0)
  }
  return -1
}

function leapTwo(u: f64, drive: f64, gap0: f64, rise0: f64): f64 {
  const square = rise0 * rise0 + 4 * drive * gap0
  if (!(square > 0)) return -1
  let y = (-2 * gap0) / (rise0 + sqrt(square))
  for (let step = 0; step < STEPS; step++) {
    if (!(y < 1)) return -1
    const x = 1 - y
    const gap = gap0 - y * (u - drive * x)
    const rise = drive * (2 * x - 1) - u
    const below = rise * rise + gap * drive
    if (!(rise > 0 && below > 0)) return -1
    const move = (gap * rise) / below
    y -= move
    if (isLast(move, rise, -drive, 0)) return max(y, 0)
  }
  return -1
}

/** What is left after one of Halley's steps is the cube of the move, times (bend / rise)^2 - twist / rise. */
function isLast(move: f64, rise: f64, bend: f64, twist: f64): bool {
  return abs(move * move * move) * (bend * bend + twist * rise) < ROUNDING * rise * rise
}

/** Newton's tangents from y = 0, which never pass the crossing; 1 or more if there is none, or none up to `beyond`. */
function climb(u: f64, drive: f64, gap0: f64, rise0: f64, beyond: f64, rounding: f64): f64 {
  const isFour = ratio() == 4
  let gap = gap0
  let rise = rise0
  let y: f64 = 0
  while (rise > 0) {
    if (gap + rise * (beyond - y) < -rounding) return 1
    const before = y
    y -= gap / rise
    if (y == before) return y
    if (!(y < 1)) return 1
    const x = 1 - y
    if (isFour) {
      const x2 = x * x
      gap = gap0 - y * (u - drive * x * (1 + x + x2))
      rise = drive * (4 * x * x2 - 1) - u
    } else {
      gap = gap0 - y * (u - drive * x)
      rise = drive * (2 * x - 1) - u
    }
    // Rounding alone carries an iterate beyond the crossing; one step back takes out what it can.
    if (gap >= 0) return rise > 0 ? max(before, y - gap / rise) : y
  }
  return 1
}
