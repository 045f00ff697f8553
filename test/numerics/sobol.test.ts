import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MOST_SOBOL_DIMENSIONS, sobol } from '../../src/numerics/sobol.js'

const DIMENSIONS = Array.from({ length: MOST_SOBOL_DIMENSIONS }, (_, dimension) => dimension)
const pointOf = (index: number) => DIMENSIONS.map((dimension) => sobol(index, dimension))

describe('the Sobol sequence', () => {
  test('has the published points', () => {
    // The first ones as the program of Joe and Kuo prints them (sobol.cc, new-joe-kuo-6.21201); the others from PyTorch 2.
    const first = [
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25],
      [0.25, 0.75, 0.75],
      [0.375, 0.375, 0.625],
      [0.875, 0.875, 0.125],
      [0.625, 0.125, 0.875],
      [0.125, 0.625, 0.375],
      [0.1875, 0.3125, 0.9375],
    ]
    expect(first.map((_, index) => pointOf(index).slice(0, 3))).toEqual(first)
    expect(pointOf(517)).toEqual([
      0.8779296875, 0.6259765625, 0.8291015625, 0.6162109375, 0.5830078125, 0.1904296875, 0.4892578125, 0.5341796875,
      0.0029296875, 0.7900390625, 0.6025390625, 0.2412109375, 0.8076171875, 0.4833984375, 0.6337890625, 0.7001953125,
      0.2490234375, 0.7568359375, 0.0712890625, 0.8134765625, 0.8291015625,
    ])
    expect(pointOf(999)).toEqual([
      0.1572265625, 0.9091796875, 0.0810546875, 0.9892578125, 0.9677734375, 0.8447265625, 0.8583984375, 0.7119140625,
      0.8134765625, 0.6318359375, 0.0224609375, 0.4423828125, 0.4736328125, 0.9462890625, 0.8310546875, 0.5576171875,
      0.2822265625, 0.6572265625, 0.6787109375, 0.0380859375, 0.3349609375,
    ])
  })

  test('fills every dimension evenly, also shifted', () => {
    const dimensions = fc.constantFrom(...DIMENSIONS)
    fc.assert(
      fc.property(dimensions, fc.nat(10), fc.nat(100), fc.nat(2 ** 32 - 1), (dimension, power, block, shift) => {
        const count = 2 ** power
        const cells = Array.from({ length: count }, (_, k) => {
          return Math.floor(count * sobol(block * count + k, dimension, shift))
        })
        expect(new Set(cells).size).toBe(count)
      }),
    )
  })

  test('has no further dimension', () => {
    expect(() => sobol(1, MOST_SOBOL_DIMENSIONS)).toThrow(RangeError)
  })
})
