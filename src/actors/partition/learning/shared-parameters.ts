import type { Shares } from '../../../dynamics/shares.js'
import type { TreeNode } from '../../../numerics/tree-nodes.js'
import type { VectorInlet, VectorOutlet } from '../../../streams/exchange.js'
import { createVectorQueue } from '../pathways/vector-queue.js'
import type { SharedPart } from './shared-part.js'

/** Numbers that all neurons of a group share, where the group is cut into slices: delays, or time constants. */
export interface SharedParameters {
  readonly kind: SharedPart['kind']
  /** The first slice of a group owns them: it sums up the gradient, learns, and hands the values out. */
  readonly isOwner: boolean
  /** A run begins. */
  begin(): void
  /** After `finishGradient`: sends this slice's shares, or writes the sum of all shares into the owner's gradient. */
  reduce(): Promise<void>
  /** After an update: the owner sends the values, the others take them over. */
  distribute(): Promise<void>
  /** Breaks off what is awaited. */
  fail(reason: unknown): void
}

/** @param followers the other slices, in order */
export function createOwnedParameters(
  part: SharedPart,
  followers: readonly { readonly nodes: readonly TreeNode[]; readonly inlet: VectorInlet }[],
): SharedParameters {
  const queues = followers.map(({ inlet }) => createVectorQueue(inlet.values$))
  return {
    kind: part.kind,
    isOwner: true,
    begin() {
      for (const queue of queues) queue.clear()
    },
    async reduce() {
      const own = part.shares()
      const others = await Promise.all(
        followers.map(async ({ nodes }, k): Promise<Shares> => {
          return { nodes, values: await (queues[k] as (typeof queues)[number]).next() }
        }),
      )
      part.combine([own, ...others])
    },
    async distribute() {
      const values = part.values()
      for (const { inlet } of followers) inlet.sendAnswer(values)
    },
    fail(reason) {
      for (const queue of queues) queue.fail(reason)
    },
  }
}

export function createFollowedParameters(part: SharedPart, outlet: VectorOutlet): SharedParameters {
  const answers = createVectorQueue(outlet.answers$)
  return {
    kind: part.kind,
    isOwner: false,
    begin: answers.clear,
    async reduce() {
      outlet.sendValues(part.shares().values)
    },
    async distribute() {
      part.take(await answers.next())
    },
    fail: answers.fail,
  }
}
