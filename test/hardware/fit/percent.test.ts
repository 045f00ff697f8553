import { expect, test } from 'vitest'
import { percent } from '../../../src/hardware/fit/percent.js'

test.each([
  [0, '0.0 %'],
  [0.0449, '4.5 %'],
  [0.654, '65 %'],
  [1, '100 %'],
  [1.001, 'over 100 %'],
  [12.5, '1,250 %'],
])('a share of %d is %s', (share, words) => {
  expect(percent(share)).toBe(words)
})
