import { RunError } from '../events/errors.js'
import { groupSum } from '../numerics/group-sum.js'

/**
 * One array of a gradient and how its entries belong to neurons, which fixes the order of sums over it.
 *
 * `perNeuron`: one entry per neuron (or per source, or one shared by all), summed by blocks. `perSynapse`: entries are
 * first summed per target neuron in synapse order, then the neurons by blocks, so that a slice of the target group
 * can do its part alone.
 */
export type GradientTerm =
  | { readonly kind: 'perNeuron'; readonly values: Float64Array }
  | {
      readonly kind: 'perSynapse'
      readonly values: Float64Array
      /** Target unit of each entry. */
      readonly targets: Uint32Array
      readonly targetSize: number
    }

/**
 * The Euclidean norm of a gradient, in a fixed order of addition.
 *
 *     |g| = sqrt(sum over terms, in order, of the sum of squares of the term)
 *
 * Raises `RunError` GRADIENT_NOT_FINITE if an entry is not a finite number.
 */
export function gradientNorm(terms: readonly GradientTerm[]): number {
  const norm = Math.sqrt(squares(terms, 1))
  if (Number.isFinite(norm)) return norm
  const top = largestMagnitude(terms)
  if (Number.isFinite(top)) return top * Math.sqrt(squares(terms, 1 / top))
  throw new RunError({
    code: 'GRADIENT_NOT_FINITE',
    message: 'A gradient is not a finite number: a spike met its threshold with a slope of zero.',
    remedy: 'Lower the learning rate, or bound the thresholds from below.',
  })
}

/** The factor that brings a gradient of this norm down to the limit: min(1, limit / norm). */
export function clipScale(norm: number, limit: number): number {
  return norm > limit ? limit / norm : 1
}

function squares(terms: readonly GradientTerm[], scale: number): number {
  let sum = 0
  for (const term of terms) sum += termSquares(term, scale)
  return sum
}

function termSquares(term: GradientTerm, scale: number): number {
  const { values } = term
  const perNeuron = new Float64Array(term.kind === 'perNeuron' ? values.length : term.targetSize)
  for (let index = 0; index < values.length; index++) {
    const value = (values[index] as number) * scale
    const neuron = term.kind === 'perNeuron' ? index : (term.targets[index] as number)
    perNeuron[neuron] = (perNeuron[neuron] as number) + value * value
  }
  return groupSum(perNeuron, 0, perNeuron.length)
}

/** NaN if there is one. */
function largestMagnitude(terms: readonly GradientTerm[]): number {
  let top = 0
  for (const { values } of terms) {
    for (let index = 0; index < values.length; index++) top = Math.max(top, Math.abs(values[index] as number))
  }
  return top
}
