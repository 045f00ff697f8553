import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type GradientTerm,
  largestMagnitude,
  largestOfHuge,
  type SquaresPart,
  squaresByTerm,
  squaresOf,
  sumSquares,
  TERM_ORDER,
} from '../../src/learning/gradient-squares.js'
import { TAU_FIELDS } from '../../src/network/description/time-constants.js'
import { BLOCK } from '../../src/numerics/block-sum.js'
import { between } from '../support/arbitraries.js'

const sumOf = (parts: readonly SquaresPart[]) => sumSquares(squaresByTerm(parts))

/** Of any exponent, or such that sums of their squares are rounded. */
const entry = fc.oneof(fc.double({ min: -1e3, max: 1e3, noNaN: true }), between(1, 1e3))

/** Terms of one group, with an entry per neuron or per synapse, and where to cut the group: after which blocks. */
const cases = fc
  .record({ total: fc.integer({ min: 1, max: 300 }), kinds: fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }) })
  .chain(({ total, kinds }) =>
    fc.record({
      total: fc.constant(total),
      terms: fc.tuple(
        ...kinds.map((perNeuron) =>
          perNeuron === 0
            ? fc.array(entry, { minLength: total, maxLength: total }).map((values) => ({ values, targets: null }))
            : fc
                .array(fc.tuple(entry, fc.nat(total - 1)), { maxLength: 400 })
                .map((list) => ({ values: list.map(([value]) => value), targets: list.map(([, target]) => target) })),
        ),
      ),
      cuts: fc.uniqueArray(fc.nat(Math.ceil(total / BLOCK)), { maxLength: 4 }),
    }),
  )

/** The part of a term that a slice holds. */
function held(
  { values, targets }: { values: readonly number[]; targets: readonly number[] | null },
  [start, end, total]: readonly [number, number, number],
  term: number,
): GradientTerm {
  const size = end - start
  if (targets === null)
    return { term, values: Float64Array.from(values.slice(start, end)), targets, start, size, total }
  const here = targets.flatMap((target, k) => (start <= target && target < end ? [k] : []))
  return {
    term,
    values: Float64Array.from(here, (k) => values[k]!),
    targets: here.map((k) => targets[k]! - start),
    start,
    size,
    total,
  }
}

describe('the sum of squares of a gradient', () => {
  it('has the same bits for every cut at blocks, in whatever order the parts come', () => {
    fc.assert(
      fc.property(cases, fc.nat(9), ({ total, terms, cuts }, turn) => {
        const whole = terms.map((term, k) => squaresOf(held(term, [0, total, total], k), 1))
        const edges = [...new Set([0, ...cuts.map((block) => Math.min(total, block * BLOCK)), total])].sort(
          (a, b) => a - b,
        )
        const parts = edges.slice(1).flatMap((end, k) => {
          return terms.map((term, number) => squaresOf(held(term, [edges[k]!, end, total], number), 1))
        })
        const shift = turn % parts.length
        expect(sumOf([...parts.slice(shift), ...parts.slice(0, shift)])).toBe(sumOf(whole))
        const exact = terms
          .flatMap(({ values }) => values)
          .reduce((sum, value) => sum.plus(new Decimal(value).pow(2)), new Decimal(0))
          .toNumber()
        expect(Math.abs(sumOf(whole) - exact)).toBeLessThanOrEqual(1e-13 * exact + 1e-300)
      }),
      { numRuns: 200, seed: 5 },
    )
  })

  it('scales entries before it squares them', () => {
    const term = held({ values: [3, 4], targets: null }, [0, 2, 2], 0)
    expect(sumOf([squaresOf(term, 2)])).toBe(100)
    expect(sumOf([])).toBe(0)
  })
})

describe('entries neuron after neuron', () => {
  it('have the sums of a list with their targets', () => {
    const sizes = fc.record({ size: fc.integer({ min: 1, max: 70 }), fanIn: fc.integer({ min: 1, max: 9 }) })
    const rows = sizes.chain(({ size, fanIn }) => {
      const values = fc.array(entry, { minLength: size * fanIn, maxLength: size * fanIn })
      return fc.record({ size: fc.constant(size), fanIn: fc.constant(fanIn), values })
    })
    fc.assert(
      fc.property(rows, entry, ({ size, fanIn, values }, scale) => {
        const term = { term: 0, values: Float64Array.from(values), start: 0, size, total: size }
        const targets = values.map((_, k) => Math.floor(k / fanIn))
        expect(squaresOf({ ...term, targets: null }, scale)).toEqual(squaresOf({ ...term, targets }, scale))
      }),
    )
  })
})

describe('the largest magnitude', () => {
  const part = (values: readonly number[]): GradientTerm => {
    return { term: 0, values: Float64Array.from(values), targets: null, start: 0, size: values.length, total: 99 }
  }
  const largestOf = (term: GradientTerm) => largestOfHuge([term], [squaresOf(term, 1)])

  it('is that of all parts wherever the squares overflow, although parts of harmless size say nothing', () => {
    const exponents = fc.array(fc.array(fc.integer({ min: -1022, max: 1023 }), { maxLength: 5 }), { maxLength: 5 })
    fc.assert(
      fc.property(exponents, (lists) => {
        const parts = lists.map((list) => part(list.map((exponent, k) => (k % 2 === 0 ? 1 : -1) * 2 ** exponent)))
        const squares = parts.flatMap((term) => [...squaresOf(term, 1).sums]).reduce((sum, value) => sum + value, 0)
        fc.pre(squares === Infinity)
        expect(Math.max(...parts.map(largestOf))).toBe(largestMagnitude(parts.map(({ values }) => values)))
      }),
    )
    expect(largestOf(part([1e100, -3]))).toBe(0)
  })

  it('is no number if an entry is none', () => {
    expect(largestOf(part([1, Number.NaN, 2]))).toBeNaN()
    expect(largestOf(part([1, Number.NEGATIVE_INFINITY]))).toBe(Infinity)
  })
})

it('terms are numbered projection by projection, then group by group, time constants last', () => {
  const numbers = [
    TERM_ORDER.weights(0),
    TERM_ORDER.delays(0),
    TERM_ORDER.weights(1),
    TERM_ORDER.delays(1),
    ...[0, 1].flatMap((group) =>
      (['threshold', 'adaptStep', 'bias'] as const).map((array) => TERM_ORDER.ofGroup(2, group, array)),
    ),
    ...[0, 1].flatMap((group) => TAU_FIELDS.map((field) => TERM_ORDER.ofTau(2, 2, group, field))),
  ]
  expect(numbers).toEqual(numbers.map((_, k) => k))
})
