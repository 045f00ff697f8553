import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compileKernel,
  instantiateKernel,
  type KernelVariant,
} from '../../../../src/dynamics/kernels/wasm/instantiate.js'
import { webAssembly } from '../../../../src/dynamics/kernels/wasm/web-assembly.js'
import { exp } from '../../../../src/numerics/exp.js'
import { expm1 } from '../../../../src/numerics/expm1.js'
import { log1p } from '../../../../src/numerics/log1p.js'
import { createRandomStream } from '../../../../src/numerics/random-stream.js'
import { binades, evenly, nearHalfLn2 } from '../../../numerics/arguments.js'
import { casesOf } from '../../../support/cases-of.js'

const twins = { exp, expm1, log1p }
const VARIANTS: readonly KernelVariant[] = ['plain', 'shared']

/** Arguments where a branch of one of the functions is taken or left, or its result leaves the range of a double. */
const EDGES = [
  ...[0, 1, 44, 200, 709, 709.782712893384, 710, 2000, Number.MAX_VALUE, Number.POSITIVE_INFINITY],
  ...[-0.2928, 0.4142, -1, -40, -708, -708.3964185322641, -745.1332191019411, -746, -1 + 2 ** -53],
  ...[2 ** -1022, Number.MIN_VALUE, 2 ** 53, 2 ** 1023, Math.SQRT1_2 - 1, Math.SQRT2 - 1],
]

const words = new BigInt64Array(1)
const double = new Float64Array(words.buffer)

/** The double so many steps further from 0, or nearer. */
function stepped(x: number, steps: number): number {
  double[0] = x
  words[0] = (words[0] as bigint) + BigInt(steps)
  return double[0] as number
}

/** Around every edge, of either sign, the nearest doubles; no step leads through 0. */
const aroundEdges = EDGES.flatMap((x) => [x, -x]).flatMap((x) =>
  Array.from({ length: 9 }, (_, i) => stepped(x, x === 0 ? i : i - 4)),
)

/** The edges of the reduction (k - 0.415) ln 2 and the multiples of ln 2 / 2, with their neighbours. */
const aroundReductions = Array.from({ length: 2160 }, (_, i) => i - 1080).flatMap((k) =>
  [k - 0.415, k, k + 0.5].flatMap((r) => Array.from({ length: 9 }, (_, i) => stepped(r * Math.LN2, i - 4))),
)

/** Sixteen doubles of every exponent and sign, subnormal numbers, infinities and NaN among them. */
function ofEveryExponent(): number[] {
  const mantissas = createRandomStream(7, 'mantissas')
  return Array.from({ length: 4096 * 16 }, (_, i) => {
    words[0] = (BigInt(i >> 4) << 52n) + BigInt(mantissas.integer(i, 2 ** 52))
    return double[0] as number
  })
}

/** Evenly over an interval, one in each of its parts. */
function stratified(count: number, low: number, high: number): number[] {
  const places = createRandomStream(7, `${low} to ${high}`)
  return Array.from({ length: count }, (_, i) => low + ((high - low) * (i + places.uniform(i))) / count)
}

const sampled = [
  ...aroundEdges,
  ...aroundReductions,
  ...ofEveryExponent(),
  ...stratified(60_000, -747, 711),
  ...stratified(20_000, -2, 2),
]

describe.each(VARIANTS)('the %s kernel', (variant) => {
  const memory = new webAssembly.Memory({ initial: 1, maximum: 65536, shared: variant === 'shared' })
  const kernel = instantiateKernel(compileKernel(variant), memory)

  describe.each(['exp', 'expm1', 'log1p'] as const)('has an %s', (name) => {
    const [own, twin] = [kernel[name], twins[name]]

    it('with the bits of its twin over the whole range', () => {
      expect(sampled.length).toBeGreaterThan(200_000)
      expect(sampled.filter((x) => !Object.is(own(x), twin(x)))).toEqual([])
    })

    it('with the bits of its twin wherever it is asked', () => {
      const anywhere = fc.double()
      const common = fc.oneof(evenly(-40, 44), binades(-1, 1), nearHalfLn2(708))
      fc.assert(
        fc.property(fc.oneof(anywhere, common), (x) => {
          expect(own(x)).toBe(twin(x))
        }),
        { numRuns: casesOf({ short: 1000, long: 5000 }) },
      )
    })
  })

  describe('has two at once', () => {
    /** Below everything that a kernel has in its memory but its own data. */
    const [ADDRESS, LEAST, NEAR] = [65504, -708, -0.28]
    const pair = new Float64Array(memory.buffer, ADDRESS, 2)
    const others = [0, -1e-300, -0.1, -1, -700, Number.NEGATIVE_INFINITY]
    const both = (at: (address: number) => void, x: number, k: number): readonly number[] => {
      const place = k % 2
      pair[place] = x
      pair[1 - place] = others[k % others.length] as number
      at(ADDRESS)
      return [pair[place] as number, pair[1 - place] as number]
    }
    const falling = sampled.filter((x) => x <= 0)

    it('of exp for what is not above 0, with its bits, and 0 where there is next to nothing', () => {
      const expected = (x: number) => (x > LEAST ? exp(x) : 0)
      const differs = (x: number, k: number) => {
        const [found, other] = both(kernel.expPairAt, x, k)
        return !Object.is(found, expected(x)) || !Object.is(other, expected(others[k % others.length] as number))
      }
      expect(falling.length).toBeGreaterThan(100_000)
      expect(falling.filter(differs)).toEqual([])
    })

    it('of expm1 near 0, with its bits', () => {
      const near = falling.filter((x) => x > NEAR)
      // The sum of two zeros has no sign.
      const differs = (x: number, k: number) => both(kernel.expm1PairAt, x, k)[0] !== expm1(x)
      expect(near.length).toBeGreaterThan(10_000)
      expect(near.filter(differs)).toEqual([])
    })

    it('of log1p of what has fallen up to 0.2928, with its bits', () => {
      const falls = sampled.map(Math.abs).filter((y) => y < 0.2928)
      const others = [0, 1e-300, 0.1, 0.29279999]
      const differs = (y: number, k: number) => {
        const place = k % 2
        const other = others[k % others.length] as number
        pair[place] = y
        pair[1 - place] = other
        kernel.log1pOfFallPairAt(ADDRESS)
        return pair[place] !== log1p(-y) || pair[1 - place] !== log1p(-other)
      }
      expect(falls.length).toBeGreaterThan(10_000)
      expect(falls.filter(differs)).toEqual([])
    })
  })
})
