import fc from 'fast-check'
import { type DensePattern, dense } from '../../src/network/description/projections.js'
import { createRandomStream } from '../../src/numerics/random-stream.js'

/** Which pairs have no synapse: some here and there; those of some units with one block of 32 neurons; all of one unit. */
export type Nulls = 'scattered' | 'of one block' | 'of one unit'

export const nulls: fc.Arbitrary<Nulls> = fc.constantFrom('scattered', 'of one block', 'of one unit')

export interface PatternShape {
  readonly sources: number
  readonly targets: number
}

/** Of the pairs of a projection: more have no synapse than that are called many. */
export const FEW_NULLS = 7 / 8

/** The pairs [neuron][unit] that have no synapse; if they are to be few, those of the first units alone, else scattered. */
export function nullPairs(
  { sources, targets }: PatternShape,
  kind: Nulls,
  seed: number,
  amount: 'few' | 'many' = 'few',
): ReadonlySet<number> {
  const { integer, uniform } = createRandomStream(seed, 'nulls')
  const [chosen, block] = [integer(0, sources), integer(1, Math.ceil(targets / 32))]
  const isNull = (unit: number, n: number): boolean => {
    if (amount === 'many') return uniform(2 + n * sources + unit) < 0.95
    if (kind === 'scattered') return uniform(2 + n * sources + unit) < (seed % 2 === 0 ? 0.15 : 0.7)
    if (kind === 'of one unit') return unit === chosen
    return unit % 5 === chosen % 5 && Math.floor(n / 32) === block
  }
  const pairs = Array.from({ length: sources * targets }, (_, k) => [Math.floor(k / targets), k % targets] as const)
    .filter(([unit, n]) => isNull(unit, n))
    .map(([unit, n]) => n * sources + unit)
  return new Set(amount === 'few' ? pairs.slice(0, Math.floor(FEW_NULLS * sources * targets)) : pairs)
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
