import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOfUnits, hasAllUnits, hasUnit, unitSet } from '../../src/events/unit-set.js'

test('a set has the units that it was made of, and no bit more', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 70 }), (wanted) => {
      const set = unitSet(wanted.length, (unit) => wanted[unit] === true)
      expect(wanted.map((_, unit) => hasUnit(set, unit))).toEqual(wanted)
      expect(hasAllUnits(set)).toBe(!wanted.includes(false))
      expect(set.bits).toHaveLength(bytesOfUnits(wanted.length))
      const ones = set.bits.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
      expect(ones).toBe(wanted.filter((isIn) => isIn).length)
    }),
    { numRuns: 50, seed: 3 },
  )
})
