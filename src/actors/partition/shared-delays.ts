import type { Kernel } from '../../dynamics/kernel.js'
import { combineShares, type DelayShares } from '../../dynamics/shared-delays.js'
import type { Afferent } from '../../dynamics/synapses.js'
import { InternalError } from '../../events/errors.js'
import type { TreeNode } from '../../numerics/tree-nodes.js'
import type { VectorInlet, VectorOutlet } from '../../streams/exchange.js'
import { createVectorQueue } from './vector-queue.js'

/** Delays that all neurons of a group share, one or one per source unit, where the group is cut into slices. */
export interface SharedDelays {
  readonly kernel: Kernel
  /** The projection's number among the kernel's. */
  readonly projection: number
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
export function createOwnedDelays(
  kernel: Kernel,
  projection: number,
  followers: readonly { readonly nodes: readonly TreeNode[]; readonly inlet: VectorInlet }[],
): SharedDelays {
  // Asked for when learned: a kernel may do without lists of its synapses.
  const afferent = () => kernel.synapses.afferents[projection] as Afferent
  const queues = followers.map(({ inlet }) => createVectorQueue(inlet.values$))
  return {
    kernel,
    projection,
    isOwner: true,
    begin() {
      for (const queue of queues) queue.clear()
    },
    async reduce() {
      const own = requireShares(kernel, projection)
      const others = await Promise.all(
        followers.map(async ({ nodes }, k) => ({ nodes, values: await (queues[k] as (typeof queues)[number]).next() })),
      )
      kernel.setSharedGradient(
        projection,
        combineShares(afferent().delayShape, kernel.layout.groupBlocks, [own, ...others]),
      )
    },
    async distribute() {
      const { delayBase, delayCount } = afferent()
      const from = kernel.layout.delays + delayBase
      const values = kernel.parameters.slice(from, from + delayCount)
      for (const { inlet } of followers) inlet.sendAnswer(values)
    },
    fail(reason) {
      for (const queue of queues) queue.fail(reason)
    },
  }
}

export function createFollowedDelays(kernel: Kernel, projection: number, outlet: VectorOutlet): SharedDelays {
  const answers = createVectorQueue(outlet.answers$)
  return {
    kernel,
    projection,
    isOwner: false,
    begin: () => undefined,
    async reduce() {
      outlet.sendValues(requireShares(kernel, projection).values)
    },
    async distribute() {
      const { delayBase } = kernel.synapses.afferents[projection] as Afferent
      kernel.parameters.set(await answers.next(), kernel.layout.delays + delayBase)
      kernel.parametersChanged()
    },
    fail: answers.fail,
  }
}

function requireShares(kernel: Kernel, projection: number): DelayShares {
  const shares = kernel.shares(projection)
  if (shares === null) throw new InternalError(`Projection ${projection} of "${kernel.values.name}" shares no delays.`)
  return shares
}
