import fc from 'fast-check'
import { type DensePattern, dense } from '../../src/network/projections.js'
import { createRandomStream } from '../../src/numerics/random-stream.js'

/** Which pairs have no synapse: some here and there; those of some units with one block of 32 neurons; all of one unit. */
export type Nulls = 'scattered' | 'of one block' | 'of one unit'

export const nulls: fc.Arbitrary<Nulls> = fc.constantFrom('scattered', 'of one block', 'of one unit')

export interface PatternShape {
  readonly sources: number
  readonly targets: number
}

/** Of the pairs of a projection: with more of them that have no synapse it keeps its target from the SIMD kernel. */
export const FEW_NULLS = 1 / 4

/** The pairs [neuron][unit] that have no synapse; if they are to be few, only the first ones of them. */
export function nullPairs(
  { sources, targets }: PatternShape,
  kind: Nulls,
  seed: number,
  amount: 'few' | 'many' = 'few',
): ReadonlySet<number> {
  const { integer, uniform } = createRandomStream(seed, 'nulls')
  const [chosen, block] = [integer(0, sources), integer(1, Math.ceil(targets / 32))]
  const isNull = (pair: number): boolean => {
    if (kind === 'scattered') return uniform(2 + pair) < (amount === 'few' ? 0.15 : 0.5)
    const unit = pair % sources
    if (kind === 'of one unit') return unit === chosen
    return unit % 5 === chosen % 5 && Math.floor(pair / sources / 32) === block
  }
  const count = sources * targets
  const pairs = Array.from({ length: count }, (_, pair) => pair).filter(isNull)
  return new Set(amount === 'few' ? pairs.slice(0, Math.floor(FEW_NULLS * count)) : pairs)
}

/** Normal weights, and few nulls among them. */
export function denseWithNulls(
  [mean, std]: readonly [mean: number, std: number],
  shape: PatternShape,
  kind: Nulls,
  seed: number,
): DensePattern {
  const { normal } = createRandomStream(seed, 'weights')
  const without = nullPairs(shape, kind, seed)
  const { sources, targets } = shape
  return dense(
    Array.from({ length: targets }, (_, n) =>
      Array.from({ length: sources }, (__, unit) => {
        const pair = n * sources + unit
        return without.has(pair) ? null : mean + std * normal(pair)
      }),
    ),
  )
}
