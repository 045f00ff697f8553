import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMt19937 } from '../../src/data/mt19937.js'

const seeds = fc.nat({ max: 0xffffffff })

describe('createMt19937', () => {
  it('draws the 10000th word the C++ standard demands of the default seed', () => {
    const random = createMt19937(5489)
    expect([random.uint32(), random.uint32()]).toEqual([3499211612, 581869302])
    for (let draw = 2; draw < 9999; draw++) random.uint32()
    expect(random.uint32()).toBe(4123659995)
  })

  it('mixes doubles and bounded integers as numpy does', () => {
    const random = createMt19937(7)
    const doubles = Array.from({ length: 3 }, () => random.uniform())
    expect(doubles).toEqual([0.07630828937395717, 0.7799187922401146, 0.4384092314408935])
    const integers = Array.from({ length: 12 }, () => random.below(3))
    expect(integers).toEqual([0, 1, 2, 0, 1, 2, 2, 2, 0, 2, 0, 0])
    expect(random.uniform()).toBe(0.8037390361043755)
  })

  it('takes the largest seed and a bound that is no power of two', () => {
    const largest = createMt19937(0xffffffff)
    expect([largest.uint32(), largest.uint32(), largest.uint32()]).toEqual([419326371, 479346978, 3918654476])
    const zero = createMt19937(0)
    expect(Array.from({ length: 6 }, () => zero.below(1000))).toEqual([684, 559, 629, 192, 835, 763])
  })

  it('stays in range', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 0xffffffff }), (seed, bound) => {
        const random = createMt19937(seed)
        const double = random.uniform()
        expect(double >= 0 && double < 1).toBe(true)
        const integer = random.below(bound)
        expect(Number.isInteger(integer) && integer >= 0 && integer < bound).toBe(true)
      }),
    )
  })
})
