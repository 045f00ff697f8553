import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EXPLICIT, sumReturned } from '../../../src/dynamics/kernels/returned-events.js'
import { TRIAL_CHUNK, TrialSum } from '../../../src/dynamics/parameters/trial-sum.js'
import { EventRows } from '../../../src/dynamics/timeline/trial-gradients.js'
import { InternalError } from '../../../src/events/errors.js'
import { blockSum } from '../../../src/numerics/block-sum.js'
import { pairwiseSum } from '../../../src/numerics/pairwise-sum.js'
import { treeNodes } from '../../../src/numerics/tree-nodes.js'
import { between } from '../../support/arbitraries.js'
import { expectSameBits } from '../../support/same-bits.js'

const values = (count: number) => fc.array(between(-1, 1), { minLength: count, maxLength: count })

describe('gradient events of one spike', () => {
  test('are summed by blocks of 32, and the blocks in pairs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 140 }).chain(values), (events) => {
        const rows = new EventRows(events.length, treeNodes(8, 3, 3 + Math.ceil(events.length / 32)))
        rows.reserve(2)
        events.forEach((event, n) => void rows.add(1, n, event))
        const blocks = Float64Array.from({ length: Math.ceil(events.length / 32) }, (_, b) => {
          const block = Float64Array.from(events.slice(32 * b, 32 * (b + 1)))
          return blockSum(block, 0, block.length)
        })
        rows.take(1)
        expectSameBits(rows.blockSums, blocks)
        const nodes = treeNodes(8, 3, 3 + blocks.length)
        expectSameBits(
          rows.nodeSums,
          Float64Array.from(nodes, ({ from, to }) => pairwiseSum(blocks, from - 3, to - from)),
        )
        for (const row of [0, 1]) {
          rows.take(row)
          expect([...rows.blockSums, ...rows.nodeSums].every((sum) => sum === 0)).toBe(true)
        }
      }),
      { numRuns: 200, seed: 22 },
    )
  })

  test('several of one neuron add up, and rows survive growing', () => {
    const rows = new EventRows(3, [{ from: 0, to: 1 }])
    rows.reserve(1)
    rows.add(0, 2, 0.5)
    rows.reserve(10)
    rows.add(0, 2, 0.25)
    rows.add(9, 0, 1)
    const sums = [0, 9, 5].map((row) => {
      rows.take(row)
      return rows.nodeSums[0]
    })
    expect(sums).toEqual([0.75, 1, 0])
  })
})

describe('the sum over trials', () => {
  test('adds the trials of a chunk one after the other, and chunks in pairs', () => {
    fc.assert(
      fc.property(fc.array(values(2), { maxLength: 5 * TRIAL_CHUNK, size: 'max' }), (trials) => {
        const sum = new TrialSum(2)
        for (const trial of trials) sum.take(Float64Array.of(9, ...trial), 1)
        const into = Float64Array.of(7, 7)
        sum.finish(into)
        const expected = [0, 1].map((j) => {
          const chunks = Array.from({ length: Math.ceil(trials.length / TRIAL_CHUNK) }, (_, c) =>
            trials.slice(TRIAL_CHUNK * c, TRIAL_CHUNK * (c + 1)).reduce((total, trial) => total + trial[j]!, 0),
          )
          return pairwiseSum(Float64Array.from(chunks), 0, chunks.length)
        })
        expect(Array.from(into)).toEqual(expected)
      }),
      { numRuns: 200, seed: 23 },
    )
  })

  test('clears what it takes, and starts over when it is finished', () => {
    const sum = new TrialSum(1)
    const vector = Float64Array.of(3)
    sum.take(vector, 0)
    expect(vector[0]).toBe(0)
    const into = new Float64Array(1)
    sum.finish(into)
    expect(into[0]).toBe(3)
    sum.finish(into)
    expect(into[0]).toBe(0)
  })
})

test('returned events are added in the order of the projections, the explicit term last', () => {
  const eventsOf = (order: number, ...entries: number[]) => ({ ...EXPLICIT, order, values: Float64Array.from(entries) })
  const [big, small] = [2 ** 53, 1]
  const total = sumReturned(2, [
    eventsOf(Number.POSITIVE_INFINITY, -big, 0),
    eventsOf(7, small, 2),
    eventsOf(1, big, 1),
  ])
  expect(Array.from(total)).toEqual([big + small - big, 3])
  expect(total[0]).toBe(0)
  expect(Array.from(sumReturned(1, []))).toEqual([0])
})

describe('returned events of the slices of one target', () => {
  const part = (from: number, to: number, ...entries: number[]) => {
    return { order: 3, blocks: 5, nodes: treeNodes(5, from, to), values: Float64Array.from(entries) }
  }

  test('are added in the tree over its blocks, however they are listed', () => {
    const [big, small] = [2 ** 53, 1]
    // Blocks 0 … 4 have (big), (small), (small, small), (-big) of the first spike: ((0 + 1) + (2 + 3)) + 4.
    const slices = [part(0, 2, big + small, 0), part(2, 3, small, 1), part(3, 5, small, 2, -big, 4)]
    const expected = [big + small + (small + small) - big, 7]
    expect([...sumReturned(2, slices)]).toEqual(expected)
    expect([...sumReturned(2, slices.toReversed())]).toEqual(expected)
    const other = { ...EXPLICIT, order: 1, values: Float64Array.of(big, 1) }
    expect([...sumReturned(2, [slices[1]!, other, slices[2]!, slices[0]!])]).toEqual([big + expected[0]!, 8])
  })

  test('are handed on where one slice is the whole target and nothing else came', () => {
    const whole = part(0, 5, 1, 2)
    expect(sumReturned(2, [whole])).toBe(whole.values)
    const explicit = { ...EXPLICIT, values: Float64Array.of(-0, 0.5) }
    expectSameBits(sumReturned(2, [explicit]), Float64Array.of(0, 0.5))
    expectSameBits(sumReturned(2, [explicit, whole]), Float64Array.of(1, 2.5))
    expect([...whole.values]).toEqual([1, 2])
  })

  test('have to be complete, and of the right length', () => {
    expect(() => sumReturned(1, [part(0, 2, 1), part(3, 5, 1, 1)])).toThrow(RangeError)
    expect(() => sumReturned(1, [part(0, 5, 1), part(0, 5, 1)])).toThrow(RangeError)
    expect(() => sumReturned(2, [part(0, 5, 1)])).toThrow(InternalError)
  })
})
