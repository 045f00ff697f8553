import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chunksOf, dealTrials, requireChunks } from '../../../src/dynamics/parameters/deal-trials.js'
import { TRIAL_CHUNK } from '../../../src/dynamics/parameters/trial-sum.js'
import { type TreeNode, treeNodes, treeSplit } from '../../../src/numerics/tree-nodes.js'

const drawn = fc.tuple(fc.integer({ min: 1, max: 1200 }), fc.integer({ min: 1, max: 12 }))

describe('trials dealt to replicas', () => {
  test('are all trials, each once, in order; each replica has a node of the tree over chunks', () => {
    fc.assert(
      fc.property(drawn, ([trials, replicas]) => {
        const dealt = dealTrials(trials, replicas)
        expect(dealt).toHaveLength(replicas)
        const counted = dealt.filter(({ node }) => node !== null)
        expect(counted).toHaveLength(Math.min(replicas, chunksOf(trials)))
        let next = 0
        for (const { range, node } of counted) {
          expect(range.start).toBe(next)
          expect(range.start).toBe(TRIAL_CHUNK * node!.from)
          expect(treeNodes(chunksOf(trials), node!.from, node!.to)).toEqual([node])
          next = range.end
        }
        expect(next).toBe(trials)
      }),
    )
  })

  test('leave the largest node as small as any such nodes can', () => {
    fc.assert(
      fc.property(drawn, ([trials, replicas]) => {
        const sizes = dealTrials(trials, replicas).flatMap(({ node }) => (node === null ? [] : [node.to - node.from]))
        expect(Math.max(...sizes)).toBe(leastLargest({ from: 0, to: chunksOf(trials) }, replicas))
      }),
    )
  })

  test('are repeated by replicas for which there is no chunk, and do not count there', () => {
    const [first, second, third] = dealTrials(40, 3)
    expect(first).toEqual({ range: { start: 0, end: 32 }, node: { from: 0, to: 1 } })
    expect(second).toEqual({ range: { start: 32, end: 40 }, node: { from: 1, to: 2 } })
    expect(third).toEqual({ range: first!.range, node: null })
  })
})

test.each([
  [32, 2, 1],
  [64, 3, 2],
  [100, 7, 4],
])('a mini-batch of %i trials for %i replicas is refused with the largest number', (trials, replicas, most) => {
  expect(() => requireChunks(trials, replicas, '--replicas')).toThrow(
    expect.objectContaining({
      code: 'REPLICAS_TOO_MANY',
      message: expect.stringMatching(
        new RegExp(`--replicas: found ${replicas} .*at most ${most}:.*${32 * (replicas - 1) + 1} trials`),
      ),
    }),
  )
  expect(() => requireChunks(trials, most)).not.toThrow()
})

/** By trying every way to cut nodes in two. */
function leastLargest({ from, to }: TreeNode, parts: number): number {
  const size = to - from
  if (parts <= 1 || size === 1) return size
  const middle = from + treeSplit(size)
  return Math.min(
    ...Array.from({ length: parts - 1 }, (_, k) =>
      Math.max(leastLargest({ from, to: middle }, k + 1), leastLargest({ from: middle, to }, parts - k - 1)),
    ),
  )
}
