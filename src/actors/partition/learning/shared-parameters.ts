import type { PartialSums } from '../../../dynamics/parameters/partial-sums.js'
import type { TreeNode } from '../../../numerics/tree-nodes.js'
import type { VectorReceiver, VectorSender } from '../../../streams/vector-stream.js'
import { createVectorQueue } from '../pathways/vector-queue.js'
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
