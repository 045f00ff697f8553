import { projection } from '../projections'
import { heaviest, heaviestOfProjections, laneGroups, projectionCount, rows, weights } from '../schema/header'
import { FIRST_ROW, UNITS } from '../schema/records'

/** Where the largest |w| of each lane of a lane group stands, of one projection. */
export function heaviestIn(laneGroup: i32, p: i32): usize {
  return heaviestOfProjections() + 64 * <usize>(p * laneGroups() + laneGroup)
}

/** Notes the largest |w| of each lane, per projection whose units have a row each. */
export function weigh(laneGroup: i32): void {
  const first = weights() + 64 * <usize>rows() * <usize>laneGroup
  for (let p = 0; p < projectionCount(); p++) {
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
export function noteHeaviest(laneGroup: i32): void {
  const into = heaviest() + 64 * <usize>laneGroup
  for (let at: usize = 0; at < 64; at += 16) {
    let most = f64x2.splat(0)
    for (let p = 0; p < projectionCount(); p++) most = f64x2.pmax(most, v128.load(heaviestIn(laneGroup, p) + at))
    v128.store(into + at, most)
  }
}
