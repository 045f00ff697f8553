import { RunError } from '../events/errors.js'
import { type SquaresPart, squaresByTerm, sumSquares } from './gradient-squares.js'

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
  const terms = squaresByTerm(parts)
  if (Number.isFinite(sumSquares(terms))) return (isWanted) => Math.sqrt(sumSquares(terms, isWanted))
  if (Number.isFinite(largest)) {
    const scaled = squaresByTerm(await again(1 / largest))
    return (isWanted) => largest * Math.sqrt(sumSquares(scaled, isWanted))
  }
  const huge = new Set(terms.filter(({ sum }) => !Number.isFinite(sum)).map(({ term }) => term))
  const names = new Set(parts.filter(({ term }) => huge.has(term)).map(({ term }) => nameOf(term)))
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
