import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bitsEqual, ulp, ulpDistance } from './ulp.js'

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })

describe('ulp', () => {
  test('one ulp up is a distance of one, and the distance is symmetric', () => {
    fc.assert(
      fc.property(finite, (x) => {
        const next = Math.abs(x) + ulp(x)
        expect(ulpDistance(Math.abs(x), next)).toBe(1)
        expect(ulpDistance(next, Math.abs(x))).toBe(1)
        expect(ulpDistance(-next, -Math.abs(x))).toBe(1)
      }),
    )
  })

  test('literal values', () => {
    expect(ulp(1)).toBe(2 ** -52)
    expect(ulp(-8)).toBe(2 ** -49)
    expect(ulp(0)).toBe(Number.MIN_VALUE)
    expect(ulpDistance(0, -0)).toBe(0)
    expect(ulpDistance(-Number.MIN_VALUE, Number.MIN_VALUE)).toBe(2)
    expect(ulpDistance(Number.NaN, 1)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('bitsEqual', () => {
  test('tells what == does not', () => {
    expect(bitsEqual(Float64Array.of(Number.NaN, -0), Float64Array.of(Number.NaN, -0))).toBe(true)
    expect(() => bitsEqual(Float64Array.of(1, -0), Float64Array.of(1, 0))).toThrow('first difference at [1]: -0')
    expect(() => bitsEqual(Float64Array.of(1), Float64Array.of(1, 2))).toThrow('lengths differ: 1 and 2')
    expect(() => bitsEqual(Float64Array.of(1), Float64Array.of(1 + 2 ** -52))).toThrow('1 ulp apart')
  })
})
