import {
  ADAM_CHUNK,
  BETA1,
  BETA2,
  COUNT,
  EPSILON,
  GRADIENTS,
  KEEP,
  MAX,
  MEANS,
  MIN,
  PARAMETERS,
  SCALE,
  SQUARES,
  UNBIASED_RATE,
  UNBIASED_ROOT,
} from '../schema/adam-step'
import { adamFields } from '../schema/header'

/** One step of Adam over a chunk of an array. Twin of `stepOfAdam` in ../../adam-loop.ts: the same bits. */
export function adam(item: i32): void {
  const fields = adamFields()
  const from = ADAM_CHUNK * <usize>item
  const count = min(<usize>load<u32>(fields, COUNT) - from, ADAM_CHUNK)
  const parameters = <usize>load<u32>(fields, PARAMETERS) + 8 * from
  const gradients = <usize>load<u32>(fields, GRADIENTS) + 8 * from
  const means = <usize>load<u32>(fields, MEANS) + 8 * from
  const squares = <usize>load<u32>(fields, SQUARES) + 8 * from
  const bytes: usize = count * 8
  const paired = bytes & ~15
  if (arePlain(fields)) inline.always(stepPairs(fields, parameters, gradients, means, squares, paired, true))
  else inline.always(stepPairs(fields, parameters, gradients, means, squares, paired, false))
  if (paired < bytes) stepOne(fields, parameters + paired, gradients + paired, means + paired, squares + paired)
}

/** Whether it makes no difference which of two zeros a bound is. */
export function arePlain(fields: usize): bool {
  const least = load<f64>(fields, MIN)
  const most = load<f64>(fields, MAX)
  return (least < 0 || least > 0) && (most < 0 || most > 0)
}

/** min(most, max(least, x)), also for NaN; of numbers that are no zeros one instruction each. */
export function within(x: v128, least: v128, most: v128, isPlain: bool): v128 {
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
  const beta1 = load<f64>(fields, BETA1)
  const beta2 = load<f64>(fields, BETA2)
  const gradient = load<f64>(gradientAt) * load<f64>(fields, SCALE)
  const mean = beta1 * load<f64>(meanAt) + (1 - beta1) * gradient
  const square = beta2 * load<f64>(squareAt) + (1 - beta2) * (gradient * gradient)
  store<f64>(meanAt, mean)
  store<f64>(squareAt, square)
  const divisor = sqrt(square) * load<f64>(fields, UNBIASED_ROOT) + load<f64>(fields, EPSILON)
  const moved = load<f64>(fields, KEEP) * load<f64>(parameter) - (load<f64>(fields, UNBIASED_RATE) * mean) / divisor
  store<f64>(parameter, min(load<f64>(fields, MAX), max(load<f64>(fields, MIN), moved)))
}
