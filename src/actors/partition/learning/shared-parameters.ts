import type { Observable } from 'rxjs'
import type { PartialSums } from '../../../dynamics/parameters/partial-sums.js'
import type { TreeNode } from '../../../numerics/tree-nodes.js'
import { createFifo } from '../../../streams/fifo.js'
import type { VectorReceiver, VectorSender } from '../../../streams/vector-stream.js'
import type { SharedPart } from './shared-part.js'

/** Numbers that all neurons of a group share, where the group is cut into slices: delays, or time constants. */
export interface SharedParameters {
  readonly kind: SharedPart['kind']
  /** The first slice of a group owns them: it sums up the gradient, learns, and hands the values out. */
  readonly isOwner: boolean
  /** A run begins. */
  begin(): void
  /** After `finishGradient`: sends this slice's partial sums, or writes the sum of all partial sums into the owner's gradient. */
  reduce(): Promise<void>
  /** After an update: the owner sends the values, the others take them over. */
  distribute(): Promise<void>
  /** Breaks off what is awaited. */
  fail(reason: unknown): void
}

/** @param followers the other slices, in order */
export function createOwnedParameters(
  part: SharedPart,
  followers: readonly { readonly nodes: readonly TreeNode[]; readonly receiver: VectorReceiver }[],
): SharedParameters {
  const queues = followers.map(({ receiver }) => createVectorQueue(receiver.values$))
  return {
    kind: part.kind,
    isOwner: true,
    begin() {
      for (const queue of queues) queue.clear()
    },
    async reduce() {
      const own = part.partialSums()
      const others = await Promise.all(
        followers.map(async ({ nodes }, k): Promise<PartialSums> => {
          return { nodes, values: await (queues[k] as (typeof queues)[number]).next() }
        }),
      )
      part.combine([own, ...others])
    },
    async distribute() {
      const values = part.values()
      for (const { receiver } of followers) receiver.sendReturned(values)
    },
    fail(reason) {
      for (const queue of queues) queue.fail(reason)
    },
  }
}

export function createFollowedParameters(part: SharedPart, sender: VectorSender): SharedParameters {
  const returned = createVectorQueue(sender.returned$)
  return {
    kind: part.kind,
    isOwner: false,
    begin: returned.clear,
    async reduce() {
      sender.sendValues(part.partialSums().values)
    },
    async distribute() {
      part.take(await returned.next())
    },
    fail: returned.fail,
  }
}

/** Vectors that arrive, one awaited after the other. */
interface VectorQueue {
  /** The next one, in the order of arrival; rejects with what `fail` is given. */
  next(): Promise<Float64Array>
  /** Forgets what has arrived. */
  clear(): void
  /** Breaks off what is awaited now. */
  fail(reason: unknown): void
}

function createVectorQueue(vectors$: Observable<Float64Array>): VectorQueue {
  let arrived = createFifo<Float64Array>()
  let awaited: { resolve(values: Float64Array): void; reject(reason: unknown): void } | null = null
  vectors$.subscribe((values) => {
    if (awaited === null) arrived.push(values)
    else awaited.resolve(values)
    awaited = null
  })
  return {
    next() {
      if (arrived.size > 0) return Promise.resolve(arrived.take())
      return new Promise((resolve, reject) => {
        awaited = { resolve, reject }
      })
    },
    clear() {
      arrived = createFifo()
    },
    fail(reason) {
      awaited?.reject(reason)
      awaited = null
    },
  }
}
