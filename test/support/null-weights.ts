import fc from 'fast-check'
import { type DensePattern, dense } from '../../src/network/projections.js'
import { createRandomStream } from '../../src/numerics/random-stream.js'

/**
 * Which pairs have no synapse, of a projection so few that they don't keep its target from the SIMD kernel: some here and
 * there; those of some units with one block of 32 neurons; all of one unit. Of too few units it has all.
 */
export type Nulls = 'scattered' | 'of one block' | 'of one unit'

export const nulls: fc.Arbitrary<Nulls> = fc.constantFrom('scattered', 'of one block', 'of one unit')

export interface PatternShape {
  readonly sources: number
  readonly targets: number
}

/** Normal weights, and nulls among them. */
export function denseWithNulls(
  [mean, std]: readonly [mean: number, std: number],
  { sources, targets }: PatternShape,
  kind: Nulls,
  seed: number,
): DensePattern {
  const { normal, integer } = createRandomStream(seed, 'weights')
  const blocks = Math.ceil(targets / 32)
  const [chosen, block] = [integer(0, sources), integer(1, blocks)]
  const isNull = (unit: number, n: number): boolean => {
    if (kind === 'scattered') return (7 * n + 3 * unit + chosen) % 9 === 0
    if (sources < 4) return false
    if (kind === 'of one unit' || blocks === 1) return unit === chosen
    return unit % 5 === chosen % 5 && Math.floor(n / 32) === block
  }
  const rows = Array.from({ length: targets }, (_, n) =>
    Array.from({ length: sources }, (__, unit) => {
      return isNull(unit, n) ? null : mean + std * normal(2 + n * sources + unit)
    }),
  )
  return dense(rows)
}
