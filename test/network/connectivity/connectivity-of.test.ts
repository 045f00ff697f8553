import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connectivityOf } from '../../../src/network/connectivity/connectivity-of.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import {
  connect,
  dense,
  fixedInDegree,
  fixedOutDegree,
  type Pattern,
  synapses,
} from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import type { Slice } from '../../../src/network/slices/blocks.js'

const SIZES = { sources: 5, targets: 100 }
const SEED = 7

/** Pairs, some of them twice where a list may have them so. */
const pairs = fc.array(fc.tuple(fc.nat(SIZES.sources - 1), fc.nat(SIZES.targets - 1)), { maxLength: 200 })

const patterns: fc.Arbitrary<Pattern> = fc.oneof(
  pairs.map((nulls) => {
    const absent = new Set(nulls.map(String))
    return dense(
      Array.from({ length: SIZES.targets }, (_, target) =>
        Array.from({ length: SIZES.sources }, (_, unit) => (absent.has(String([unit, target])) ? null : 1)),
      ),
    )
  }),
  pairs.map((list) => synapses(list.map(([unit, target]) => [unit, target, 1] as const))),
  fc.integer({ min: 1, max: 5 }).map((degree) => fixedInDegree(degree, 1)),
  fc.integer({ min: 1, max: 40 }).map((degree) => fixedOutDegree(degree, 1, { multiple: true })),
)

/** Slices of the target, in whatever order. */
const cuttings = fc.uniqueArray(fc.constantFrom(32, 64, 96), { maxLength: 3 }).chain((cuts) => {
  const edges = [0, ...cuts.sort((a, b) => a - b), SIZES.targets]
  const slices: Slice[] = edges.slice(1).map((end, k) => ({ start: edges[k]!, end }))
  return fc.shuffledSubarray(slices, { minLength: slices.length })
})

function projectionOf(pattern: Pattern) {
  const neurons = lif(SIZES.targets, { tauMem: 10, tauSyn: 5, threshold: 1 })
  const groups = { from: source(SIZES.sources), to: neurons }
  return defineNetwork({ groups, projections: [connect('from', 'to', pattern)] }).projections[0]!
}

/** The pairs that are joined, as text, in the order of the synapses held. */
function pairsIn(held: ReturnType<ReturnType<typeof connectivityOf>['hold']>, start: number): string[] {
  const all = Array.from(held.sources, (unit, s) => `${unit} ${start + held.targets[s]!}`)
  return all.filter((_, s) => held.absent === null || held.absent[s] === 0)
}

test('slices together have the synapses of the whole, whatever the kind', () => {
  fc.assert(
    fc.property(patterns, cuttings, (pattern, slices) => {
      const connectivity = connectivityOf(projectionOf(pattern))
      const whole = pairsIn(connectivity.hold(SIZES, SEED, { start: 0, end: SIZES.targets }), 0)
      const parts = slices.flatMap((slice) => pairsIn(connectivity.hold(SIZES, SEED, slice), slice.start))
      expect(parts.sort()).toEqual(whole.toSorted())
      expect(whole.length).toBe(connectivity.count(SIZES))
      expect(connectivity.isEmpty(SIZES)).toBe(whole.length === 0)
      const joined = connectivity.joinedUnits(SIZES)
      for (const pair of whole) expect(joined[Number(pair.split(' ')[0])]).toBe(1)
    }),
    { numRuns: 100, seed: 5 },
  )
})

test('synapses by block are those that end there; of drawn ones the mean', () => {
  fc.assert(
    fc.property(patterns, (pattern) => {
      const connectivity = connectivityOf(projectionOf(pattern))
      const counted = [0, 0, 0, 0]
      connectivity.countByBlock(SIZES, (block, count) => {
        counted[block]! += count
      })
      const ends = [0, 32, 64, 96, SIZES.targets]
      const found = counted.map((_, block) => {
        const slice = { start: ends[block]!, end: ends[block + 1]! }
        return pairsIn(connectivity.hold(SIZES, SEED, slice), slice.start).length
      })
      if (pattern.kind === 'rule' && pattern.rule.rule === 'fixedOutDegree') {
        const perTarget = connectivity.count(SIZES) / SIZES.targets
        expect(counted).toEqual([32, 32, 32, 4].map((targets) => Math.round(perTarget * targets)))
      } else expect(counted).toEqual(found)
    }),
    { numRuns: 100, seed: 6 },
  )
})

test('numbers that are cut into slices lie where their synapses are held, and merged again are the same', () => {
  fc.assert(
    fc.property(patterns, cuttings, (pattern, slices) => {
      const connectivity = connectivityOf(projectionOf(pattern))
      const all = connectivity.hold(SIZES, SEED, { start: 0, end: SIZES.targets })
      // Tells the pair, and which of several.
      const whole = Float64Array.from(all.sources, (unit, s) => s * 1000 + unit * 100 + all.targets[s]!)
      const counts = slices.map((slice) => ({ ...slice, count: connectivity.hold(SIZES, SEED, slice).sources.length }))
      const parts = counts.map((slice) => {
        const before = () =>
          counts.filter(({ start }) => start < slice.start).reduce((sum, { count }) => sum + count, 0)
        return { ...slice, values: connectivity.cut(whole, { ...slice, before }, SIZES.sources) }
      })
      for (const { start, end, values } of parts) {
        const held = connectivity.hold(SIZES, SEED, { start, end })
        const ends = Array.from(held.sources, (unit, s) => unit * 100 + start + held.targets[s]!)
        expect(Array.from(values, (value) => value % 1000)).toEqual(ends)
      }
      expect(connectivity.merge(parts, SIZES.sources)).toEqual(whole)
    }),
    { numRuns: 100, seed: 7 },
  )
})
