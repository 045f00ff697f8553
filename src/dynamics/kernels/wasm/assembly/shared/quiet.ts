import { arrivalsFrom } from '../events/instants'
import { lanes } from '../lanes/lanes'
import { projection } from '../projections'
import * as header from '../schema/header'
import { ALLOWANCE, LEAST_QUIET, P_I, P_U, QUIET, TEST } from '../schema/lanes'
import { FIRST_ROW, START, UNITS } from '../schema/records'

/**
 * What rules crossings out over an interval of D ms that begins with U and I, by U at its end, m = e^{-D/tauMem}:
 *
 *     max(U, U(D)) < m L
 *
 * U(t) / m(t) rises if I > 0 and falls if not, so that U(t) is above neither U(D) / m nor U, or it is below 0; and L, the least
 * threshold, is above 0. Lanes where it is not are never ruled out.
 *
 * L is lowered by what rounding may take from U(D), and by what U rises in half an ulp of time: crossings up to that beyond the
 * end of the interval still round to it. Both go by the largest U and I that the weights of the arrivals may add up to.
 */

/** More than the roundings of U(D), relative to the largest of U and I. */
const ROUNDED: f64 = 1e-14

/** Notes the largest |w| of each lane, where `beginQuiet` is to ask for it. */
export function weighLanes(laneGroup: i32): void {
  if (!asksForHeaviest()) return
  weigh(laneGroup)
  noteHeaviest(laneGroup)
}

/** The same once those of each projection are known. */
export function settleHeaviest(laneGroup: i32): void {
  if (asksForHeaviest()) noteHeaviest(laneGroup)
}

function asksForHeaviest(): bool {
  return header.fires() && header.delays() == 0 && !header.hasInhibition() && header.tausPerNeuron() == 0
}

/** Makes QUIET of TEST for a window that begins with P_U and P_I; `tail` is its end. */
export function beginQuiet(laneGroup: i32, first: usize, tail: usize): void {
  const arrivals = f64x2.splat(<f64>arrivalsFrom(first, tail))
  const share = f64x2.splat(ROUNDED + load<f64>(tail, START) * f64.EPSILON * header.perTauMem())
  for (let at: usize = 0; at < 64; at += 16) {
    const own: usize = 64 * <usize>laneGroup + at
    const row = lanes + at
    const current = f64x2.add(f64x2.abs(v128.load(row, P_I)), f64x2.mul(arrivals, v128.load(header.heaviest() + own)))
    const voltage = f64x2.max(f64x2.abs(v128.load(row, P_U)), f64x2.abs(v128.load(header.resets() + own)))
    v128.store(row, f64x2.mul(share, f64x2.max(current, voltage)), ALLOWANCE)
    quieten(row)
  }
  setLeast()
}

/** The same of a lane whose TEST has changed. */
export function setQuiet(n: i32): void {
  quieten(lanes + 16 * <usize>(n >> 1))
  setLeast()
}

/** A pair of lanes. */
function quieten(row: usize): void {
  const test = v128.load(row, TEST)
  const quiet = f64x2.sub(test, v128.load(row, ALLOWANCE))
  v128.store(row, v128.bitselect(quiet, f64x2.splat(NaN), f64x2.gt(test, f64x2.splat(0))), QUIET)
}

function setLeast(): void {
  const low = f64x2.min(v128.load(lanes + QUIET), v128.load(lanes + QUIET, 16))
  const high = f64x2.min(v128.load(lanes + QUIET, 32), v128.load(lanes + QUIET, 48))
  const pair = f64x2.min(low, high)
  store<f64>(lanes + LEAST_QUIET, min(f64x2.extract_lane(pair, 0), f64x2.extract_lane(pair, 1)))
}

/** Where the largest |w| of each lane of a lane group stands, of one projection. */
export function heaviestIn(laneGroup: i32, p: i32): usize {
  return header.heaviestOfProjections() + 64 * <usize>(p * header.laneGroups() + laneGroup)
}

/** Notes the largest |w| of each lane, per projection whose units have a row each. */
export function weigh(laneGroup: i32): void {
  const first = header.weights() + 64 * <usize>header.rows() * <usize>laneGroup
  for (let p = 0; p < header.projectionCount(); p++) {
    const from = first + 64 * <usize>load<i32>(projection(p), FIRST_ROW)
    const to = from + 64 * <usize>load<i32>(projection(p), UNITS)
    const into = heaviestIn(laneGroup, p)
    for (let at: usize = 0; at < 64; at += 16) {
      let most = f64x2.splat(0)
      for (let row = from + at; row < to; row += 64) most = f64x2.pmax(most, f64x2.abs(v128.load(row)))
      v128.store(into + at, most)
    }
  }
}

/** Notes the largest |w| of each lane, of those of the projections. */
function noteHeaviest(laneGroup: i32): void {
  const into = header.heaviest() + 64 * <usize>laneGroup
  for (let at: usize = 0; at < 64; at += 16) {
    let most = f64x2.splat(0)
    for (let p = 0; p < header.projectionCount(); p++) most = f64x2.pmax(most, v128.load(heaviestIn(laneGroup, p) + at))
    v128.store(into + at, most)
  }
}
