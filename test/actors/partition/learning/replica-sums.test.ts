import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { createReplicaSums, type ReplicaShare } from '../../../../src/actors/partition/learning/replica-sums.js'
import { combineTree } from '../../../../src/numerics/tree-nodes.js'
import type { VectorStream } from '../../../../src/streams/vector-stream.js'
import { expectSameBits } from '../../../support/same-bits.js'

/** Replicas joined by streams that hand vectors over at once; `forge` may put others in their place. */
function joined(
  count: number,
  forge: (from: number, to: number, values: Float64Array) => Float64Array = (_, __, v) => v,
) {
  const ways = Array.from({ length: count }, () => Array.from({ length: count }, () => new Subject<Float64Array>()))
  return Array.from({ length: count }, (_, own) =>
    createReplicaSums(
      own,
      Array.from({ length: count }, (_, peer): VectorStream | null => {
        if (peer === own) return null
        const send = (values: Float64Array) =>
          queueMicrotask(() => ways[own]![peer]!.next(forge(own, peer, values.slice())))
        const received$ = ways[peer]![own]!
        return {
          values$: received$,
          returned$: received$,
          sendValues: send,
          sendReturned: send,
          close: () => undefined,
        }
      }),
    ),
  )
}

const sumsOf = (replica: number) => [
  Float64Array.from({ length: 5 }, (_, k) => 0.1 * (replica + 1) * (k + 1)),
  new Float64Array(0),
  Float64Array.from({ length: 2 }, (_, k) => 1e9 / (replica + k + 1)),
]

const SHARES: readonly (readonly [number, ReplicaShare])[] = [
  [
    2,
    {
      chunks: 2,
      nodes: [
        { from: 0, to: 1 },
        { from: 1, to: 2 },
      ],
    },
  ],
  [
    3,
    {
      chunks: 5,
      nodes: [
        { from: 0, to: 2 },
        { from: 2, to: 4 },
        { from: 4, to: 5 },
      ],
    },
  ],
  // Two for which there was no chunk.
  [4, { chunks: 2, nodes: [{ from: 0, to: 1 }, { from: 1, to: 2 }, null, null] }],
  [2, { chunks: 1, nodes: [{ from: 0, to: 1 }, null] }],
]

test.each(SHARES)('%i replicas have the sums of the tree, all the same', async (count, share) => {
  const replicas = joined(count)
  for (let run = 0; run < 2; run++) {
    for (const replica of replicas) replica.begin()
    const views = replicas.map((_, r) => sumsOf(r))
    await Promise.all(replicas.map((replica, r) => replica.combine(views[r]!, share)))
    const expected = sumsOf(0).map((_, part) => {
      const parts = share.nodes.flatMap((node, r) => (node === null ? [] : [{ node, values: sumsOf(r)[part]! }]))
      return combineTree(share.chunks, parts)
    })
    for (const view of views) expectSameBits(view, expected)
  }
})

test('what came of a run before is forgotten when the next one begins', async () => {
  const [first, second] = joined(2)
  const share = SHARES[0]![1]
  // The first one does not come as far in this run.
  const aborted = second!.combine(sumsOf(7), share)
  await new Promise(setImmediate)
  second!.fail(new Error('aborted'))
  await expect(aborted).rejects.toThrow('aborted')
  for (const replica of [first!, second!]) replica.begin()
  const views = [sumsOf(0), sumsOf(1)]
  await Promise.all([first!.combine(views[0]!, share), second!.combine(views[1]!, share)])
  const expected = sumsOf(0).map((values, part) =>
    combineTree(
      2,
      share.nodes.map((node, r) => ({ node: node!, values: r === 0 ? values : sumsOf(1)[part]! })),
    ),
  )
  for (const view of views) expectSameBits(view, expected)
})

test('a vector of another length names the replica that sent it', async () => {
  const replicas = joined(2, (from, _, values) => (from === 1 ? values.slice(1) : values))
  const [first] = replicas.map((replica, r) => replica.combine(sumsOf(r), SHARES[0]![1]))
  await expect(first).rejects.toThrow('Replica 1 sent 6 numbers, expected 7')
})

test('what is awaited ends with the reason of a failure', async () => {
  const [first] = joined(2)
  const combined = first!.combine(sumsOf(0), SHARES[0]![1])
  first!.fail(new Error('gone'))
  await expect(combined).rejects.toThrow('gone')
})
