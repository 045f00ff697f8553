import { heaviestIn } from '../lanes/heaviest'
import { projection } from '../projections'
import {
  BETA1,
  BETA2,
  EPSILON,
  KEEP,
  MAX,
  MEANS,
  MIN,
  SCALE,
  SQUARES,
  UNBIASED_RATE,
  UNBIASED_ROOT,
} from '../schema/adam-step'
import {
  adamFields,
  gradientRows,
  laneGroups,
  projectionCount,
  rows,
  rowsAtWork,
  size,
  squaresOfRows,
  touchedEnd,
  touchedRows,
  weights,
} from '../schema/header'
import { FIRST_ROW, UNITS } from '../schema/records'
import {
  AT_WORK_FIRST_ROW,
  AT_WORK_GRADIENT,
  AT_WORK_GRADIENT_STRIDE,
  AT_WORK_PROJECTION,
  AT_WORK_ROW_BYTES,
  AT_WORK_TOUCHED,
  AT_WORK_ZEROS,
} from '../schema/rows-at-work'
import { arePlain, within } from './adam'

/**
 * Where all neurons meet the same arrivals, and every pair of them has a synapse, weights are learned in the rows that the
 * passes read: gradient and moments lie in rows as well. A row that nothing arrived at has a gradient of 0, and none is
 * written for it.
 */

/** Keeps the weights' gradient g of a lane group, and notes per projection and lane the sum of g^2, unit by unit. */
export function keepRows(laneGroup: i32, from: usize): void {
  const end = touchedEnd()
  let next = touchedRows()
  // Row by row of those that were touched.
  let into = gradientRows() + 16 * (end - next) * <usize>laneGroup
  for (let p = 0; p < projectionCount(); p++) {
    const behindRows: usize = 64 * <usize>(load<i32>(projection(p), FIRST_ROW) + load<i32>(projection(p), UNITS))
    let a = f64x2.splat(0)
    let b = a
    let c = a
    let d = a
    for (; next < end; next += 4) {
      const row = <usize>load<u32>(next)
      if (row >= behindRows) break
      const g = v128.load(from + row)
      const h = v128.load(from + row, 16)
      const j = v128.load(from + row, 32)
      const k = v128.load(from + row, 48)
      v128.store(into, g)
      v128.store(into, h, 16)
      v128.store(into, j, 32)
      v128.store(into, k, 48)
      into += 64
      a = f64x2.add(a, f64x2.mul(g, g))
      b = f64x2.add(b, f64x2.mul(h, h))
      c = f64x2.add(c, f64x2.mul(j, j))
      d = f64x2.add(d, f64x2.mul(k, k))
    }
    const sums = squaresOfRows() + 64 * <usize>(p * laneGroups() + laneGroup)
    v128.store(sums, a)
    v128.store(sums, b, 16)
    v128.store(sums, c, 32)
    v128.store(sums, d, 48)
  }
}

/**
 * One step of Adam over the weights of the projection at work, of which it notes the largest |w| per lane. The same bits as
 * `adam`.
 */
export function adamRows(laneGroup: i32): void {
  if (arePlain(adamFields())) inline.always(stepRows(laneGroup, true))
  else inline.always(stepRows(laneGroup, false))
}

function stepRows(laneGroup: i32, isPlain: bool): void {
  const fields = adamFields()
  const work = rowsAtWork()
  const beta1 = v128.load_splat<f64>(fields, BETA1)
  const beta2 = v128.load_splat<f64>(fields, BETA2)
  const rest1 = f64x2.splat(1 - load<f64>(fields, BETA1))
  const rest2 = f64x2.splat(1 - load<f64>(fields, BETA2))
  const epsilon = v128.load_splat<f64>(fields, EPSILON)
  const unbiasedRate = v128.load_splat<f64>(fields, UNBIASED_RATE)
  const unbiasedRoot = v128.load_splat<f64>(fields, UNBIASED_ROOT)
  const scale = v128.load_splat<f64>(fields, SCALE)
  const least = v128.load_splat<f64>(fields, MIN)
  const most = v128.load_splat<f64>(fields, MAX)
  const keep = v128.load_splat<f64>(fields, KEEP)
  const first = behind(laneGroup)
  const from = <usize>load<u32>(work, AT_WORK_FIRST_ROW)
  const to = from + <usize>load<u32>(work, AT_WORK_ROW_BYTES)
  const parameters = weights() + first
  const means = <usize>load<u32>(fields, MEANS) + first
  const squares = <usize>load<u32>(fields, SQUARES) + first
  const zeros = <usize>load<u32>(work, AT_WORK_ZEROS)
  let next = <usize>load<u32>(work, AT_WORK_TOUCHED)
  let gradient =
    <usize>load<u32>(work, AT_WORK_GRADIENT) + <usize>load<u32>(work, AT_WORK_GRADIENT_STRIDE) * <usize>laneGroup
  let heaviest0 = f64x2.splat(0)
  let heaviest1 = heaviest0
  let heaviest2 = heaviest0
  let heaviest3 = heaviest0
  for (let row = from; row < to; row += 64) {
    // Which rows were touched cannot be foretold: no branch.
    const isTouched = <usize>load<u32>(next) == row
    const along = select(gradient, zeros, isTouched)
    next += 4 * <usize>isTouched
    gradient += 64 * <usize>isTouched
    const parameter = parameters + row
    const mean = means + row
    const square = squares + row
    const g0 = f64x2.mul(v128.load(along), scale)
    const g1 = f64x2.mul(v128.load(along, 16), scale)
    const g2 = f64x2.mul(v128.load(along, 32), scale)
    const g3 = f64x2.mul(v128.load(along, 48), scale)
    const m0 = f64x2.add(f64x2.mul(beta1, v128.load(mean)), f64x2.mul(rest1, g0))
    const m1 = f64x2.add(f64x2.mul(beta1, v128.load(mean, 16)), f64x2.mul(rest1, g1))
    const m2 = f64x2.add(f64x2.mul(beta1, v128.load(mean, 32)), f64x2.mul(rest1, g2))
    const m3 = f64x2.add(f64x2.mul(beta1, v128.load(mean, 48)), f64x2.mul(rest1, g3))
    v128.store(mean, m0)
    v128.store(mean, m1, 16)
    v128.store(mean, m2, 32)
    v128.store(mean, m3, 48)
    const s0 = f64x2.add(f64x2.mul(beta2, v128.load(square)), f64x2.mul(rest2, f64x2.mul(g0, g0)))
    const s1 = f64x2.add(f64x2.mul(beta2, v128.load(square, 16)), f64x2.mul(rest2, f64x2.mul(g1, g1)))
    const s2 = f64x2.add(f64x2.mul(beta2, v128.load(square, 32)), f64x2.mul(rest2, f64x2.mul(g2, g2)))
    const s3 = f64x2.add(f64x2.mul(beta2, v128.load(square, 48)), f64x2.mul(rest2, f64x2.mul(g3, g3)))
    v128.store(square, s0)
    v128.store(square, s1, 16)
    v128.store(square, s2, 32)
    v128.store(square, s3, 48)
    const d0 = f64x2.div(f64x2.mul(unbiasedRate, m0), f64x2.add(f64x2.mul(f64x2.sqrt(s0), unbiasedRoot), epsilon))
    const d1 = f64x2.div(f64x2.mul(unbiasedRate, m1), f64x2.add(f64x2.mul(f64x2.sqrt(s1), unbiasedRoot), epsilon))
    const d2 = f64x2.div(f64x2.mul(unbiasedRate, m2), f64x2.add(f64x2.mul(f64x2.sqrt(s2), unbiasedRoot), epsilon))
    const d3 = f64x2.div(f64x2.mul(unbiasedRate, m3), f64x2.add(f64x2.mul(f64x2.sqrt(s3), unbiasedRoot), epsilon))
    const p0 = inline.always(within(f64x2.sub(f64x2.mul(keep, v128.load(parameter)), d0), least, most, isPlain))
    const p1 = inline.always(within(f64x2.sub(f64x2.mul(keep, v128.load(parameter, 16)), d1), least, most, isPlain))
    const p2 = inline.always(within(f64x2.sub(f64x2.mul(keep, v128.load(parameter, 32)), d2), least, most, isPlain))
    const p3 = inline.always(within(f64x2.sub(f64x2.mul(keep, v128.load(parameter, 48)), d3), least, most, isPlain))
    v128.store(parameter, p0)
    v128.store(parameter, p1, 16)
    v128.store(parameter, p2, 32)
    v128.store(parameter, p3, 48)
    heaviest0 = f64x2.pmax(heaviest0, f64x2.abs(p0))
    heaviest1 = f64x2.pmax(heaviest1, f64x2.abs(p1))
    heaviest2 = f64x2.pmax(heaviest2, f64x2.abs(p2))
    heaviest3 = f64x2.pmax(heaviest3, f64x2.abs(p3))
  }
  const heaviest = heaviestIn(laneGroup, load<i32>(work, AT_WORK_PROJECTION))
  v128.store(heaviest, heaviest0)
  v128.store(heaviest, heaviest1, 16)
  v128.store(heaviest, heaviest2, 32)
  v128.store(heaviest, heaviest3, 48)
  clearIdle(laneGroup, parameters + from, parameters + to)
}

/** Bounds may have moved the weights of lanes beyond the last neuron. */
function clearIdle(laneGroup: i32, from: usize, to: usize): void {
  const held: usize = 8 * <usize>min(8, size() - 8 * laneGroup)
  if (held == 64) return
  for (let row = from; row < to; row += 64) memory.fill(row + held, 0, 64 - held)
}

/** Where the rows of a lane group begin, among those of all. */
function behind(laneGroup: i32): usize {
  return 64 * <usize>rows() * <usize>laneGroup
}
