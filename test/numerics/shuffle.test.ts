import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandomStream } from '../../src/numerics/random-stream.js'
import { permutation } from '../../src/numerics/shuffle.js'

describe('permutation', () => {
  it('holds every number once', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(200), (seed, size) => {
        const order = permutation(createRandomStream(seed, 'shuffle'), size)
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i))
      }),
    )
  })

  it('gives every order equally often', () => {
    const counts = new Map<string, number>()
    for (let i = 0; i < 6000; i++) {
      const order = permutation(createRandomStream(i, 'orders'), 3).join()
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect(chiSquare).toBeLessThan(15.1)
  })

  it('keeps its order from release to release', () => {
    expect([...permutation(createRandomStream(1, 'train/shuffle/0'), 8)]).toEqual([5, 6, 7, 2, 4, 1, 0, 3])
  })
})
