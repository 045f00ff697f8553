import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clipScale, type GradientTerm, gradientNorm } from '../../src/learning/clip.js'
import { gradientTerms } from '../../src/learning/gradient-terms.js'
import { PARAMETER_KINDS } from '../../src/learning/parameter-kinds.js'
import { groupSum } from '../../src/numerics/group-sum.js'

const values = fc
  .array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 200 })
  .map((list) => Float64Array.from(list))
const perNeuron = (list: Float64Array): GradientTerm => ({ kind: 'perNeuron', values: list })

describe('the norm of a gradient', () => {
  it('is the root of the sum of squares', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 3 }), (lists) => {
        const exact = lists
          .flatMap((list) => [...list])
          .reduce((sum, value) => sum.plus(new Decimal(value).pow(2)), new Decimal(0))
          .sqrt()
          .toNumber()
        const terms = lists.map((list, index): GradientTerm => {
          if (index % 2 === 0) return perNeuron(list)
          return { kind: 'perSynapse', values: list, targets: list.map((_, s) => s % 5) as never, targetSize: 5 }
        })
        expect(Math.abs(gradientNorm(terms) - exact)).toBeLessThanOrEqual(1e-14 * exact + 1e-150)
      }),
    )
  })

  it('adds synapses per neuron first, so that whole blocks of neurons can be added elsewhere', () => {
    const [sources, targetSize] = [3, 128]
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 384, maxLength: 384 }), (list) => {
        const all = Float64Array.from(list)
        const targets = Uint32Array.from(list, (_, synapse) => Math.floor(synapse / sources))
        const squares = (from: number, to: number) => {
          const sums = new Float64Array(to - from)
          for (let synapse = from * sources; synapse < to * sources; synapse++) {
            sums[targets[synapse]! - from]! += all[synapse]! * all[synapse]!
          }
          return groupSum(sums, 0, sums.length)
        }
        const whole = gradientNorm([{ kind: 'perSynapse', values: all, targets, targetSize }])
        expect(whole).toBe(Math.sqrt(squares(0, 64) + squares(64, 128)))
      }),
      { numRuns: 20 },
    )
  })

  it('neither overflows nor hides what is not finite', () => {
    expect(gradientNorm([perNeuron(Float64Array.of(3e200, 4e200))])).toBeCloseTo(5e200, -190)
    expect(gradientNorm([])).toBe(0)
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const norm = () => gradientNorm([perNeuron(Float64Array.of(1, bad, 2))])
      expect(norm).toThrow(expect.objectContaining({ code: 'GRADIENT_NOT_FINITE' }))
    }
  })
})

describe('clipping', () => {
  it('brings a norm down to the limit and leaves a smaller one alone', () => {
    const size = fc.double({ min: 1e-6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(size, size, (norm, limit) => {
        const clipped = norm * clipScale(norm, limit)
        expect(clipped).toBeLessThanOrEqual(limit * (1 + 1e-15))
        if (norm <= limit) expect(clipScale(norm, limit)).toBe(1)
      }),
    )
    expect(clipScale(8, 2)).toBe(0.25)
    expect(clipScale(1e300, Number.POSITIVE_INFINITY)).toBe(1)
    expect(clipScale(0, 1)).toBe(1)
  })
})

describe('the terms of a gradient', () => {
  const array = (value: number) => Float64Array.of(value)
  const shape = { targets: Uint32Array.of(0), targetSize: 1 }
  const projections = [
    { key: 'a->b', delayShape: 'perSynapse', ...shape },
    { key: 'b->b', delayShape: 'scalar', ...shape },
    { key: 'b->c', delayShape: 'none', ...shape },
  ] as const
  const gradients = {
    projections: {
      'b->c': { weights: array(5), delays: new Float64Array(0) },
      'b->b': { weights: array(3), delays: array(4) },
      'a->b': { weights: array(1), delays: array(2) },
    },
    groups: { c: { bias: array(9) }, b: { threshold: array(6), adaptStep: array(7), bias: array(8) } },
  }
  const groups = [{ name: 'a' }, { name: 'b' }, { name: 'c' }]
  const firsts = (learned: typeof PARAMETER_KINDS) =>
    gradientTerms(gradients, projections, groups, learned).map((term) => term.values[0])

  it('come in file order, whatever the order of keys', () => {
    expect(firsts(PARAMETER_KINDS)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('are those of learned kinds', () => {
    expect(firsts(['delays'])).toEqual([2, 4])
    expect(firsts(['bias', 'thresholds'])).toEqual([6, 8, 9])
    expect(firsts([])).toEqual([])
  })

  it('know which arrays have an entry per synapse', () => {
    const kinds = gradientTerms(gradients, projections, groups, ['weights', 'delays']).map(({ kind }) => kind)
    expect(kinds).toEqual(['perSynapse', 'perSynapse', 'perSynapse', 'perNeuron', 'perSynapse'])
  })
})
