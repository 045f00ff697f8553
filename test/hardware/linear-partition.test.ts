import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fewestParts,
  filledBy,
  partitionEvenly,
  type RowLoad,
  smallestMaxima,
} from '../../src/hardware/linear-partition.js'
import { type Load, NO_LIMIT } from '../../src/hardware/load.js'
import { allCuttings, segments } from './all-cuttings.js'

const load = (most: number) => fc.record({ neurons: fc.nat(9), synapses: fc.oneof(fc.nat(9), fc.nat(most)) })
const limit: fc.Arbitrary<Load> = fc.record({
  neurons: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 1, max: 40 })),
  synapses: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 1, max: 400 })),
})
const list = fc.constantFrom(1, 9, 200).chain((most) => fc.array(load(most), { minLength: 1, maxLength: 8 }))
const rows = list.chain((loads) => {
  return fc.record({ loads: fc.constant(loads), parts: fc.integer({ min: 1, max: loads.length }), most: limit })
})

const synapses = (loads: readonly Load[]) => loads.map((load) => load.synapses)
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

function smallestMaximum(loads: readonly Load[], parts: number, most: Load): number {
  const maxima = allCuttings(loads.length, parts)
    .map((ends) => segments(loads, ends))
    .filter((cut) => cut.every((part) => sum(part.map(({ neurons }) => neurons)) <= most.neurons))
    .map((cut) => Math.max(...cut.map((part) => sum(synapses(part)))))
    .filter((maximum) => maximum <= most.synapses)
  return Math.min(...maxima)
}

describe('a row of loads', () => {
  it('is cut with the smallest maximum there is, within the limit, or not at all', () => {
    fc.assert(
      fc.property(rows, ({ loads, parts, most }) => {
        const ends = partitionEvenly(loads, parts, most)
        const optimum = smallestMaximum(loads, parts, most)
        expect(ends === null).toBe(optimum === Number.POSITIVE_INFINITY)
        if (ends === null) return
        expect(ends).toHaveLength(parts)
        expect(ends.at(-1)).toBe(loads.length)
        const cut = segments(loads, ends)
        for (const part of cut) {
          expect(part.length).toBeGreaterThan(0)
          expect(sum(part.map(({ neurons }) => neurons))).toBeLessThanOrEqual(most.neurons)
        }
        expect(Math.max(...cut.map((part) => sum(synapses(part))))).toBe(optimum)
      }),
      { numRuns: 600, seed: 31 },
    )
  })

  it('needs as many segments as filling one after the other takes', () => {
    fc.assert(
      fc.property(rows, ({ loads, most }) => {
        const fewest = fewestParts(loads, most)
        const possible = loads.map((_, k) => k + 1).filter((parts) => partitionEvenly(loads, parts, most) !== null)
        expect(fewest).toBe(possible[0] ?? Number.POSITIVE_INFINITY)
        if (fewest !== Number.POSITIVE_INFINITY) {
          expect(filledBy(loads, fewest, most)).toBe(loads.length)
          expect(filledBy(loads, fewest - 1, most)).toBeLessThan(loads.length)
        }
      }),
      { numRuns: 300, seed: 32 },
    )
  })

  it('has segments that take up what they share with the load before them', () => {
    const shared = fc.array(fc.nat(9), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(rows, shared, ({ loads, parts, most }, shares) => {
        const row = loads.map(
          (each, k): RowLoad => ({ ...each, shared: Math.min(shares[k] ?? 0, loads[k - 1]?.synapses ?? 0) }),
        )
        const sizeOf = (part: readonly RowLoad[]) => sum(synapses(part)) + (part[0]?.shared ?? 0)
        const maxima = allCuttings(row.length, parts)
          .map((ends) => segments(row, ends))
          .filter((cut) => cut.every((part) => sum(part.map(({ neurons }) => neurons)) <= most.neurons))
          .map((cut) => Math.max(...cut.map(sizeOf)))
        const optimum = Math.min(...maxima.filter((maximum) => maximum <= most.synapses))
        const ends = partitionEvenly(row, parts, most)
        expect(ends === null ? Infinity : Math.max(...segments(row, ends).map(sizeOf))).toBe(optimum)
        if (most === NO_LIMIT) expect(smallestMaxima(row, parts).at(-1)).toBe(optimum)
      }),
      { numRuns: 600, seed: 33 },
    )
  })

  const evenly = (loads: readonly number[], parts: number, neurons = 1) => {
    const row = loads.map((synapses) => ({ neurons, synapses }))
    return segments(loads, partitionEvenly(row, parts, NO_LIMIT) ?? []).map(sum)
  }

  it('is cut evenly beside a segment that is larger anyhow', () => {
    expect(evenly([128, 128, 128, 96, 360], 4)).toEqual([128, 128, 224, 360])
    expect(evenly([360, 96, 128, 128, 128], 4)).toEqual([360, 224, 128, 128])
    expect(evenly([1, 1, 1, 1, 1, 1, 9], 4)).toEqual([2, 2, 2, 9])
  })

  it('is cut by neurons where there are no synapses', () => {
    const row = Array.from({ length: 12 }, () => ({ neurons: 32, synapses: 0 }))
    expect(partitionEvenly(row, 3, NO_LIMIT)).toEqual([4, 8, 12])
  })

  it('may be long', () => {
    const row = Array.from({ length: 31_250 }, (_, k) => ({ neurons: 32, synapses: (k * 7919) % 1000 }))
    const ends = partitionEvenly(row, 1000, NO_LIMIT) ?? []
    const loads = segments(row, ends).map((part) => sum(synapses(part)))
    const mean = sum(loads) / 1000
    expect(Math.max(...loads)).toBeLessThan(mean + 1000)
    expect(Math.min(...loads)).toBeGreaterThan(mean - 1000)
  })
})
