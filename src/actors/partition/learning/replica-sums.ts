import { InternalError } from '../../../events/errors.js'
import { copyRows } from '../../../numerics/join-rows.js'
import { combineTree, type TreeNode, type TreePart } from '../../../numerics/tree-nodes.js'
import type { VectorStream } from '../../../streams/vector-stream.js'
import { createVectorQueue } from './shared-parameters.js'

/** How the trials of a mini-batch are dealt to the replicas of a core. */
export interface ReplicaShare {
  /** Chunks of trials in the mini-batch. */
  readonly chunks: number
  /** Of every replica: the node of the tree over chunks that it computes; null: what it computes counts elsewhere. */
  readonly nodes: readonly (TreeNode | null)[]
}

/** Sums over the trials of a mini-batch, of which every replica of a core computes a part. */
export interface ReplicaSums {
  /** A run begins. */
  begin(): void
  /**
   * Puts the sums over all trials in the place of those over the trials here, the same bits on every replica: each of them
   * adds up an equal part of all vectors in the tree over chunks (`combineTree`), and sends the result to the others.
   *
   * @param sums views, as long on every replica
   * @throws InternalError for a vector of another length
   */
  combine(sums: readonly Float64Array[], share: ReplicaShare): Promise<void>
  /** The replica whose vector is awaited now; null: none is. */
  awaited(): number | null
  /** Breaks off what is awaited. */
  fail(reason: unknown): void
}

/**
 * @param own number of this replica
 * @param peers by number: the streams to the other replicas; null in the own place
 */
export function createReplicaSums(own: number, peers: readonly (VectorStream | null)[]): ReplicaSums {
  const others = peers.flatMap((stream, replica) => {
    return stream === null ? [] : [{ replica, stream, queue: createVectorQueue(stream.values$) }]
  })

  /** All sums of the last run, one behind the other. */
  let whole: Float64Array = new Float64Array(0)
  let awaited: number | null = null

  async function next({ replica, queue }: (typeof others)[number], length: number): Promise<Float64Array> {
    awaited = replica
    const values = await queue.next()
    awaited = null
    if (values.length === length) return values
    throw new InternalError(`Replica ${replica} sent ${values.length} numbers, expected ${length}.`, { replica })
  }

  return {
    begin() {
      for (const { queue } of others) queue.clear()
      awaited = null
    },
    awaited: () => awaited,
    async combine(sums, { chunks, nodes }) {
      whole = copyRows(sums, whole)
      const startOf = (replica: number) => Math.floor((whole.length * replica) / peers.length)
      // Views: what is sent is read before the sums of that part come back.
      const partOf = (replica: number) => whole.subarray(startOf(replica), startOf(replica + 1))
      const isCounted = (replica: number) => nodes[replica] != null
      for (const { replica, stream } of others)
        stream.sendValues(isCounted(own) ? partOf(replica) : new Float64Array(0))
      const length = startOf(own + 1) - startOf(own)
      const parts: TreePart[] = []
      const add = (replica: number, values: Float64Array) => {
        const node = nodes[replica] ?? null
        if (node !== null) parts.push({ node, values })
      }
      add(own, partOf(own))
      for (const other of others) add(other.replica, await next(other, isCounted(other.replica) ? length : 0))
      const total = combineTree(chunks, parts)
      for (const { stream } of others) stream.sendReturned(total)
      whole.set(total, startOf(own))
      for (const other of others) {
        const { replica } = other
        whole.set(await next(other, startOf(replica + 1) - startOf(replica)), startOf(replica))
      }
      hand(whole, sums)
    },
    fail(reason) {
      for (const { queue } of others) queue.fail(reason)
    },
  }
}

/** The opposite of `copyRows`. */
function hand(whole: Float64Array, parts: readonly Float64Array[]): void {
  let next = 0
  for (const part of parts) {
    part.set(whole.subarray(next, next + part.length))
    next += part.length
  }
}
