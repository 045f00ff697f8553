import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { centralQuotient } from '../../src/learning/central-quotient.js'
import { checkGradient, type Probe } from '../../src/learning/gradient-check.js'
import { richardson } from '../../src/learning/richardson.js'

const functions = [
  { name: 'sin', f: Math.sin, slope: Math.cos },
  { name: 'exp', f: Math.exp, slope: Math.exp },
  { name: 'cube', f: (x: number) => x * x * x - 4 * x, slope: (x: number) => 3 * x * x - 4 },
  // f rounds 7 x, which costs more than the rounding of f where f is small.
  { name: 'wave', f: (x: number) => Math.sin(7 * x), slope: (x: number) => 7 * Math.cos(7 * x) },
  { name: 'root', f: (x: number) => Math.sqrt(x + 9), slope: (x: number) => 0.5 / Math.sqrt(x + 9) },
  { name: 'bell', f: (x: number) => Math.exp(-x * x), slope: (x: number) => -2 * x * Math.exp(-x * x) },
  { name: 'pole', f: (x: number) => 1 / (x * x + 0.5), slope: (x: number) => (-2 * x) / (x * x + 0.5) ** 2 },
]

describe.each(functions)('the quotient of $name', ({ f, slope }) => {
  const at = fc.double({ min: -5, max: 5, noNaN: true })
  const step = fc.integer({ min: -20, max: -3 }).map((power) => 2 ** power)

  it('is off by no more than its error estimate', () => {
    fc.assert(
      fc.property(at, step, (x, h) => {
        const { value, error } = centralQuotient(f, x, h)
        expect(Math.abs(value - slope(x))).toBeLessThanOrEqual(error)
      }),
      { numRuns: 1000 },
    )
  })

  it('has a useful estimate at a sensible step', () => {
    fc.assert(
      fc.property(at, (x) => {
        const { error } = centralQuotient(f, x, 2 ** -6)
        expect(error).toBeLessThanOrEqual(1e-10 * Math.max(1, Math.abs(f(x)), Math.abs(slope(x))))
      }),
    )
  })
})

describe('central quotients', () => {
  it('own up to a kink within the step', () => {
    const offset = fc.double({ min: 0.01, max: 0.09, noNaN: true })
    fc.assert(
      fc.property(offset, (kink) => {
        const { value, error } = centralQuotient((x) => Math.abs(x - kink), 0, 0.1)
        expect(Math.abs(value - -1)).toBeLessThanOrEqual(2 * error + 1e-12)
      }),
    )
  })

  it('widen their estimate with the noise they are told', () => {
    const noisy = (x: number) => Math.sin(x) + 1e-9 * Math.sin(1e9 * x)
    const { value, error } = centralQuotient(noisy, 1, 2 ** -6, { noise: 2e-9 })
    expect(Math.abs(value - Math.cos(1))).toBeLessThanOrEqual(error)
    expect(error).toBeLessThan(1e-5)
  })

  it('are exact for a constant', () => {
    expect(centralQuotient(() => 0, 3, 0.5)).toEqual({ value: 0, error: 0 })
  })

  it('extrapolate by the table', () => {
    // f' + h^2 at h = 1, 1/2: one extrapolation removes the square.
    expect(richardson([1 + 1, 1 + 0.25], [0, 0])).toEqual({ value: 1, error: 1 })
    expect(richardson([2, 1.25, 1.0625, 1.015625], [0, 0, 0, 0])).toEqual({ value: 1, error: 0 })
  })
})

describe('a gradient check', () => {
  const loss = (values: Float64Array) => values.reduce((sum, value, index) => sum + Math.sin(value) * (index + 1), 0)
  const exact = (values: Float64Array) => values.map((value, index) => Math.cos(value) * (index + 1))
  const probe = (values: Float64Array): Probe => ({ value: loss(values) })
  const point = fc
    .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 6 })
    .map((list) => Float64Array.from(list))

  it('passes an exact gradient and leaves its values alone', async () => {
    await fc.assert(
      fc.asyncProperty(point, async (values) => {
        const before = values.slice()
        const check = await checkGradient({ values, gradient: exact(values), probe, step: 0.01 })
        expect(check.failures).toEqual([])
        expect(check.compared).toHaveLength(values.length)
        expect(check.worst!.ratio).toBe(Math.max(...check.compared.map(({ ratio }) => ratio)))
        expect(values).toEqual(before)
      }),
    )
  })

  it('fails an entry that is off by a hundred-thousandth, or not a number', async () => {
    await fc.assert(
      fc.asyncProperty(point, fc.nat(), fc.constantFrom(1e-5, Number.NaN), async (values, pick, by) => {
        const gradient = exact(values)
        const index = pick % values.length
        const largest = Math.max(...gradient.map(Math.abs))
        gradient[index]! += by * largest
        const check = await checkGradient({ values, gradient, probe, step: 0.01 })
        expect(check.failures.map((failure) => failure.index)).toEqual([index])
      }),
    )
  })

  it('looks at the chosen entries only, and waits for probes', async () => {
    const values = Float64Array.of(1, 2, 3)
    const gradient = exact(values).with(0, 99)
    const slowly = async (at: Float64Array) => probe(at)
    const check = await checkGradient({ values, gradient, probe: slowly, step: 0.01, indices: [2] })
    expect(check.compared.map(({ index }) => index)).toEqual([2])
    expect(check.failures).toEqual([])
  })

  it('takes smaller steps to escape a change of events, and skips the entry where none helps', async () => {
    const values = Float64Array.of(1, 1)
    const kinked = (kink: number) => (at: Float64Array) => {
      const before = at[0]! < kink
      return { value: (before ? 0 : 100) + at[0]! + 3 * at[1]!, events: before ? 'before' : 'after' }
    }
    const options = { values, gradient: Float64Array.of(1, 3), step: 0.01 }
    const near = await checkGradient({ ...options, probe: kinked(1.005) })
    expect(near.skipped).toEqual([])
    expect(near.failures).toEqual([])
    const onIt = await checkGradient({ ...options, probe: kinked(1) })
    expect(onIt.skipped).toEqual([0])
    expect(onIt.compared.map(({ index }) => index)).toEqual([1])
    const nothing = await checkGradient({ ...options, probe: kinked(1), indices: [0] })
    expect(nothing.worst).toBeNull()
  })
})
