import * as step from '../schema/adam-step'
import { adamFields, rows, rowsAtWork, size, weights } from '../schema/header'
import { AtWork } from '../schema/rows-at-work'
import { heaviestIn } from '../shared/quiet'

/** One step of Adam over a chunk of an array. Twin of `stepOfAdam` in ../../adam-loop.ts: the same bits. */
export function adam(item: i32): void {
  const fields = adamFields()
  const from = step.ADAM_CHUNK * <usize>item
  const count = min(<usize>load<u32>(fields, step.COUNT) - from, step.ADAM_CHUNK)
  const parameters = <usize>load<u32>(fields, step.PARAMETERS) + 8 * from
  const gradients = <usize>load<u32>(fields, step.GRADIENTS) + 8 * from
  const means = <usize>load<u32>(fields, step.MEANS) + 8 * from
  const squares = <usize>load<u32>(fields, step.SQUARES) + 8 * from
  const bytes: usize = count * 8
  const paired = bytes & ~15
  if (arePlain(fields)) inline.always(stepPairs(fields, parameters, gradients, means, squares, paired, true))
  else inline.always(stepPairs(fields, parameters, gradients, means, squares, paired, false))
  if (paired < bytes) stepOne(fields, parameters + paired, gradients + paired, means + paired, squares + paired)
}

/** Whether it makes no difference which of two zeros a bound is. */
function arePlain(fields: usize): bool {
  const least = load<f64>(fields, step.MIN)
  const most = load<f64>(fields, step.MAX)
  return (least < 0 || least > 0) && (most < 0 || most > 0)
}

/** min(most, max(least, x)), also for NaN; of numbers that are no zeros one instruction each. */
function within(x: v128, least: v128, most: v128, isPlain: bool): v128 {
  if (isPlain) return f64x2.pmin(f64x2.pmax(x, least), most)
  return f64x2.min(most, f64x2.max(least, x))
}

function stepPairs(
  fields: usize,
  parameters: usize,
  gradients: usize,
  means: usize,
  squares: usize,
  bytes: usize,
  isPlain: bool,
): void {
  const beta1 = v128.load_splat<f64>(fields, step.BETA1)
  const beta2 = v128.load_splat<f64>(fields, step.BETA2)
  const rest1 = f64x2.splat(1 - load<f64>(fields, step.BETA1))
  const rest2 = f64x2.splat(1 - load<f64>(fields, step.BETA2))
  const epsilon = v128.load_splat<f64>(fields, step.EPSILON)
  const unbiasedRate = v128.load_splat<f64>(fields, step.UNBIASED_RATE)
  const unbiasedRoot = v128.load_splat<f64>(fields, step.UNBIASED_ROOT)
  const scale = v128.load_splat<f64>(fields, step.SCALE)
  const least = v128.load_splat<f64>(fields, step.MIN)
  const most = v128.load_splat<f64>(fields, step.MAX)
  const keep = v128.load_splat<f64>(fields, step.KEEP)
  for (let at: usize = 0; at < bytes; at += 16) {
    const gradient = f64x2.mul(v128.load(gradients + at), scale)
    const mean = f64x2.add(f64x2.mul(beta1, v128.load(means + at)), f64x2.mul(rest1, gradient))
    const power = f64x2.mul(gradient, gradient)
    const square = f64x2.add(f64x2.mul(beta2, v128.load(squares + at)), f64x2.mul(rest2, power))
    v128.store(means + at, mean)
    v128.store(squares + at, square)
    const divisor = f64x2.add(f64x2.mul(f64x2.sqrt(square), unbiasedRoot), epsilon)
    const moved = f64x2.sub(
      f64x2.mul(keep, v128.load(parameters + at)),
      f64x2.div(f64x2.mul(unbiasedRate, mean), divisor),
    )
    v128.store(parameters + at, inline.always(within(moved, least, most, isPlain)))
  }
}

function stepOne(fields: usize, parameter: usize, gradientAt: usize, meanAt: usize, squareAt: usize): void {
  const beta1 = load<f64>(fields, step.BETA1)
  const beta2 = load<f64>(fields, step.BETA2)
  const gradient = load<f64>(gradientAt) * load<f64>(fields, step.SCALE)
  const mean = beta1 * load<f64>(meanAt) + (1 - beta1) * gradient
  const square = beta2 * load<f64>(squareAt) + (1 - beta2) * (gradient * gradient)
  store<f64>(meanAt, mean)
  store<f64>(squareAt, square)
  const divisor = sqrt(square) * load<f64>(fields, step.UNBIASED_ROOT) + load<f64>(fields, step.EPSILON)
  const moved =
    load<f64>(fields, step.KEEP) * load<f64>(parameter) - (load<f64>(fields, step.UNBIASED_RATE) * mean) / divisor
  store<f64>(parameter, min(load<f64>(fields, step.MAX), max(load<f64>(fields, step.MIN), moved)))
}

/**
 * Where all neurons meet the same arrivals, and every pair of them has a synapse, weights are learned in the rows that the
 * passes read: gradient and moments lie in rows as well. A row that nothing arrived at has a gradient of 0, and none is
 * written for it.
 */

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
  const beta1 = v128.load_splat<f64>(fields, step.BETA1)
  const beta2 = v128.load_splat<f64>(fields, step.BETA2)
  const rest1 = f64x2.splat(1 - load<f64>(fields, step.BETA1))
  const rest2 = f64x2.splat(1 - load<f64>(fields, step.BETA2))
  const epsilon = v128.load_splat<f64>(fields, step.EPSILON)
  const unbiasedRate = v128.load_splat<f64>(fields, step.UNBIASED_RATE)
  const unbiasedRoot = v128.load_splat<f64>(fields, step.UNBIASED_ROOT)
  const scale = v128.load_splat<f64>(fields, step.SCALE)
  const least = v128.load_splat<f64>(fields, step.MIN)
  const most = v128.load_splat<f64>(fields, step.MAX)
  const keep = v128.load_splat<f64>(fields, step.KEEP)
  const first = behind(laneGroup)
  const from = <usize>load<u32>(work, AtWork.FIRST_ROW)
  const to = from + <usize>load<u32>(work, AtWork.ROW_BYTES)
  const parameters = weights() + first
  const means = <usize>load<u32>(fields, step.MEANS) + first
  const squares = <usize>load<u32>(fields, step.SQUARES) + first
  const zeros = <usize>load<u32>(work, AtWork.ZEROS)
  let next = <usize>load<u32>(work, AtWork.TOUCHED)
  let gradient =
    <usize>load<u32>(work, AtWork.GRADIENT) + <usize>load<u32>(work, AtWork.GRADIENT_STRIDE) * <usize>laneGroup
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
  const heaviest = heaviestIn(laneGroup, load<i32>(work, AtWork.PROJECTION))
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
