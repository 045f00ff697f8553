import { copyArrays } from '../../numerics/copy-arrays.js'

/** The numbers of one step of Adam, see `adam`. */
export interface AdamStep {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** rate / (1 - beta1^n) and 1 / sqrt(1 - beta2^n). */
  readonly unbiasedRate: number
  readonly unbiasedRoot: number
  /** Multiplies the gradients first. */
  readonly scale: number
  /** What of a parameter is kept beside its step: 1 without decay. */
  readonly keep: number
  /** Parameters are projected onto [min, max] after the step. */
  readonly min: number
  readonly max: number
}

/** Means and mean squares of the gradients of one array of parameters. */
export interface AdamMoments {
  readonly means: Float64Array
  readonly squares: Float64Array
}

/** The loop of Adam over one array of parameters; it owns the moments and lives where the parameters do. */
export interface AdamLoop {
  /** Copies, in the order of the parameters. */
  moments(): AdamMoments
  restore(moments: AdamMoments): void
  /** Copies in whatever order, to go back to soon; in the arrays of an earlier one, if there is any. */
  keep(earlier?: AdamMoments): AdamMoments
  putBack(kept: AdamMoments): void
  /** One step, in place; `gradients` is left alone. */
  step(parameters: Float64Array, gradients: Float64Array, numbers: AdamStep): void
  /** The same over the parameters and the gradient of a kernel, where these lie in an order of its own; else absent. */
  stepInRows?(numbers: AdamStep): void
}

/** The loop over `length` parameters, wherever they are. */
export function createAdamLoop(length: number): AdamLoop {
  const moments = { means: new Float64Array(length), squares: new Float64Array(length) }
  return {
    ...momentsIn(() => moments),
    step: (parameters, gradients, numbers) => stepOfAdam(parameters, gradients, moments, numbers),
  }
}

/** Moments that lie in two arrays, in the order of the parameters; `now` says where, as memory may grow. */
export function momentsIn(now: () => AdamMoments): Pick<AdamLoop, 'moments' | 'restore' | 'keep' | 'putBack'> {
  const keep = (earlier?: AdamMoments) => {
    const [means, squares] = copyArrays([now().means, now().squares], earlier && [earlier.means, earlier.squares])
    return { means: means as Float64Array, squares: squares as Float64Array }
  }
  const restore = ({ means, squares }: AdamMoments) => {
    now().means.set(means)
    now().squares.set(squares)
  }
  return { moments: () => keep(), restore, keep, putBack: restore }
}

/** One step, entry by entry. Twin of assembly/gradients/adam.ts: the same bits. */
export function stepOfAdam(
  parameters: Float64Array,
  gradients: Float64Array,
  { means, squares }: AdamMoments,
  { beta1, beta2, epsilon, unbiasedRate, unbiasedRoot, scale, keep, min, max }: AdamStep,
): void {
  const { length } = parameters
  for (let index = 0; index < length; index++) {
    const gradient = (gradients[index] as number) * scale
    const mean = beta1 * (means[index] as number) + (1 - beta1) * gradient
    const square = beta2 * (squares[index] as number) + (1 - beta2) * (gradient * gradient)
    means[index] = mean
    squares[index] = square
    const step = (unbiasedRate * mean) / (Math.sqrt(square) * unbiasedRoot + epsilon)
    parameters[index] = Math.min(max, Math.max(min, keep * (parameters[index] as number) - step))
  }
}
