import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairwiseSum } from '../../src/numerics/pairwise-sum.js'
import { combineTree, type TreePart, treeNodes } from '../../src/numerics/tree-nodes.js'
import { expectSameBits } from '../support/same-bits.js'

const finite = { noNaN: true, noDefaultInfinity: true }

/** Leaves of `length` values each, and where they are cut into slices. */
const slicing = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 3 })).chain(([count, length]) =>
  fc.record({
    leaves: fc.array(fc.float64Array({ minLength: length, maxLength: length, ...finite }), {
      minLength: count,
      maxLength: count,
    }),
    cuts: fc.uniqueArray(fc.integer({ min: 1, max: Math.max(1, count - 1) }), { maxLength: 6 }),
  }),
)

function sumOf(leaves: readonly Float64Array[], from: number, to: number): Float64Array {
  const length = leaves[0]!.length
  return Float64Array.from({ length }, (_, j) => {
    const column = Float64Array.from(leaves.slice(from, to), (leaf) => leaf[j]!)
    return pairwiseSum(column, 0, column.length)
  })
}

describe('tree nodes', () => {
  it('of every slicing add up to the bits of the pairwise sum', () => {
    let most = 0
    fc.assert(
      fc.property(slicing, fc.infiniteStream(fc.nat(9)), ({ leaves, cuts }, shuffle) => {
        const count = leaves.length
        const edges = [0, ...cuts.filter((cut) => cut < count).sort((a, b) => a - b), count]
        const parts = edges.slice(1).flatMap((end, k): TreePart[] => {
          const nodes = treeNodes(count, edges[k]!, end)
          return nodes.map((node) => ({ node, values: sumOf(leaves, node.from, node.to) }))
        })
        const anyOrder = parts.map((part) => ({ part, key: shuffle.next().value }))
        anyOrder.sort((a, b) => a.key - b.key)
        const total = combineTree(
          count,
          anyOrder.map(({ part }) => part),
        )
        expectSameBits(total, sumOf(leaves, 0, count))
        most = Math.max(most, parts.length)
      }),
      { numRuns: 300, seed: 51 },
    )
    expect(most).toBeGreaterThan(8)
  })

  it('are the largest: none of them could be joined with its neighbour', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(200), fc.nat(200), (count, a, b) => {
        const [from, to] = [Math.min(a, b, count), Math.min(Math.max(a, b), count)]
        const nodes = treeNodes(count, from, to)
        const edges = nodes.map((node) => node.to)
        expect([from, ...edges].slice(0, -1)).toEqual(nodes.map((node) => node.from))
        if (from < to) expect(edges.at(-1)).toBe(to)
        nodes.slice(1).forEach((node, k) => {
          expect(treeNodes(count, nodes[k]!.from, node.to).length).toBe(2)
        })
        expect(nodes.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(count + 1)))
      }),
      { numRuns: 300, seed: 52 },
    )
  })

  it('are found in the tree that splits at powers of two', () => {
    expect(treeNodes(7, 0, 7)).toEqual([{ from: 0, to: 7 }])
    expect(treeNodes(7, 1, 7)).toEqual([
      { from: 1, to: 2 },
      { from: 2, to: 4 },
      { from: 4, to: 7 },
    ])
    expect(treeNodes(7, 3, 5)).toEqual([
      { from: 3, to: 4 },
      { from: 4, to: 5 },
    ])
    expect([treeNodes(5, 2, 2), treeNodes(0, 0, 0)]).toEqual([[], []])
    expect(() => treeNodes(5, 3, 2)).toThrow(RangeError)
    expect(() => treeNodes(5, 0, 6)).toThrow(RangeError)
  })
})

describe('combining', () => {
  const part = (from: number, to: number, ...values: number[]) => ({
    node: { from, to },
    values: Float64Array.from(values),
  })

  it('copies a single node, without the sign of zero', () => {
    const whole = part(0, 3, -0, 2)
    const total = combineTree(3, [whole])
    expect([...total]).toEqual([0, 2])
    expect(total).not.toBe(whole.values)
    expect(combineTree(0, []).length).toBe(0)
  })

  it.each([
    ['a gap', 3, [part(0, 1, 1), part(2, 3, 1)]],
    ['an overlap', 3, [part(0, 2, 1), part(1, 3, 1)]],
    ['the same node twice', 2, [part(0, 1, 1), part(0, 1, 1), part(1, 2, 1)]],
    ['an end missing', 3, [part(0, 2, 1)]],
    ['what is no subtree', 4, [part(0, 1, 1), part(1, 4, 1)]],
    ['what lies beyond', 2, [part(0, 4, 1)]],
    ['an empty node', 1, [part(0, 0, 1), part(0, 1, 1)]],
    ['nothing', 1, []],
    ['unequal vectors', 2, [part(0, 1, 1), part(1, 2, 1, 2)]],
  ])('refuses %s', (_, count, parts) => {
    expect(() => combineTree(count, parts)).toThrow(RangeError)
  })
})
