import { RunError } from '../events/errors.js'
import { type SquaresPart, sumSquares } from './gradient-squares.js'

/** The Euclidean norm of a gradient, or of those of its terms that are wanted. */
export type GradientNorm = (isWanted?: (term: number) => boolean) => number

/**
 * Measures the Euclidean norm of a gradient, in a fixed order of addition.
 *
 *     |g| = sqrt(sum over terms, in order, of the sum of squares of the term)
 *
 * Raises `RunError` GRADIENT_NOT_FINITE if an entry is not a finite number, which names the terms that are too large.
 *
 * @param largest magnitude of an entry; NaN if one is not a number
 * @param nameOf what a term is the gradient by
 * @param again the squares once more, of the entries multiplied by a scale, for the case that they overflow
 */
export async function measureGradient(
  parts: readonly SquaresPart[],
  largest: number,
  again: (scale: number) => Promise<readonly SquaresPart[]>,
  nameOf: (term: number) => string | null = () => null,
): Promise<GradientNorm> {
  if (Number.isFinite(sumSquares(parts))) return (isWanted) => Math.sqrt(sumSquares(parts, isWanted))
  if (Number.isFinite(largest)) {
    const scaled = await again(1 / largest)
    return (isWanted) => largest * Math.sqrt(sumSquares(scaled, isWanted))
  }
  // A part may be that of a slice alone.
  const terms = [...new Set(parts.map(({ term }) => term))]
  const huge = terms.filter((term) => !Number.isFinite(sumSquares(parts, (each) => each === term)))
  const names = new Set(huge.map(nameOf))
  names.delete(null)
  const where = names.size === 0 ? '' : ` Too large is that by ${[...names].join(', ')}.`
  throw new RunError({
    code: 'GRADIENT_NOT_FINITE',
    message: `A gradient is not a finite number: it is beyond the range of a double.${where}`,
    remedy: 'Scale the loss or the weights down, lower the learning rate, or bound the thresholds from below.',
  })
}

/** The factor that brings a gradient of this norm down to the limit: min(1, limit / norm). */
export function clipScale(norm: number, limit: number): number {
  return norm > limit ? limit / norm : 1
}
