import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryScale } from './arbitraries.js'
import { exact, Real } from './decimal.js'
import { decimalExp } from './decimal-exp.js'

test('decimalExp agrees with the library to 60 digits', () => {
  fc.assert(
    fc.property(arbitraryScale(1e-40, 1e3), fc.constantFrom(1, -1), (size, sign) => {
      const x = exact(sign * size)
      expect(decimalExp(x).div(Real.exp(x)).minus(1).abs().lt('1e-60')).toBe(true)
    }),
  )
  expect(decimalExp(new Real(0)).eq(1)).toBe(true)
  expect(decimalExp(new Real(Number.NEGATIVE_INFINITY)).eq(0)).toBe(true)
})
