import type { Observable } from 'rxjs'
import type { Kernel } from '../../../dynamics/kernels/kernel.js'
import {
  combinePartialSums,
  combineTauPartialSums,
  commonTaus,
  type PartialSums,
} from '../../../dynamics/parameters/partial-sums.js'
import type { Afferent } from '../../../dynamics/parameters/synapses.js'
import { InternalError } from '../../../events/errors.js'
import type { NetworkInstance } from '../../../network/instance/instance.js'
import type { TreeNode } from '../../../numerics/tree-nodes.js'
import { createFifo } from '../../../streams/fifo.js'
import type { PathwayEnds } from '../../../streams/pathways/pathway-ends.js'
import type { VectorReceiver, VectorSender } from '../../../streams/vector-stream.js'
import type { PartialSumPathway, PathwayTable } from '../pathways/pathway-table.js'

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
function createOwnedParameters(
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

function createFollowedParameters(part: SharedPart, sender: VectorSender): SharedParameters {
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

export function createVectorQueue(vectors$: Observable<Float64Array>): VectorQueue {
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

/** Where the slices of a core meet the slices that they share parameters with. */
interface SharingSetup {
  readonly core: number
  readonly instance: Pick<NetworkInstance, 'projections'>
  readonly table: Pick<PathwayTable, 'partialSums' | 'taus'>
  readonly ends: Pick<PathwayEnds, 'vectorStream'>
}

/** What a slice shares with other slices of its group. */
export function sharedParametersOf(kernel: Kernel, setup: SharingSetup): readonly SharedParameters[] {
  const { instance, table } = setup
  const { name } = kernel.values
  const orders = instance.projections.filter(({ target }) => target === name).map(({ order }) => order)
  const delays = orders.flatMap((order, projection) => {
    return sharedAlong(
      table.partialSums.filter((way) => way.order === order),
      sharedDelays(kernel, projection),
      setup,
    )
  })
  const taus = table.taus.filter(({ owner }) => owner.group === name)
  return [...delays, ...sharedAlong(taus, sharedTaus(kernel), setup)]
}

/** @param ways from the slices that follow to the one that owns */
function sharedAlong(
  ways: readonly PartialSumPathway[],
  part: SharedPart,
  { core, ends }: SharingSetup,
): readonly SharedParameters[] {
  const [first] = ways
  if (first === undefined) return []
  if (first.owner.core !== core) {
    const own = ways.find(({ follower }) => follower.core === core)
    return own === undefined ? [] : [createFollowedParameters(part, ends.vectorStream(own.stream))]
  }
  const followers = ways.map(({ nodes, stream }) => ({ nodes, receiver: ends.vectorStream(stream) }))
  return [createOwnedParameters(part, followers)]
}

/** Those numbers of a kernel that the slices of its group share. */
interface SharedPart {
  readonly kind: 'delays' | 'taus'
  /** After `finishGradient`: what this slice adds to their gradient. */
  partialSums(): PartialSums
  /** Writes the gradient that the partial sums of all slices make. */
  combine(parts: readonly PartialSums[]): void
  /** A copy of the numbers. */
  values(): Float64Array
  /** Takes numbers over. */
  take(values: Float64Array): void
}

/** The delays of a projection, by its number among the kernel's: one, or one per source unit. */
function sharedDelays(kernel: Kernel, projection: number): SharedPart {
  // Asked for when learned: a kernel may do without lists of its synapses.
  const afferent = () => kernel.synapses.afferents[projection] as Afferent
  const from = () => kernel.layout.delays + afferent().delayBase
  return {
    kind: 'delays',
    partialSums: () =>
      required(kernel.partialSums(projection), `Projection ${projection} of "${kernel.values.name}"`, 'delays'),
    combine(parts) {
      kernel.setSharedGradient(projection, combinePartialSums(afferent().delayShape, kernel.layout.groupBlocks, parts))
    },
    values: () => kernel.parametersButWeights.slice(from(), from() + afferent().delayCount),
    take(values) {
      kernel.parametersButWeights.set(values, from())
      kernel.parametersChanged()
    },
  }
}

/** The time constants that are one number of the whole group. */
function sharedTaus(kernel: Kernel): SharedPart {
  return {
    kind: 'taus',
    partialSums: () => required(kernel.tauPartialSums(), `"${kernel.values.name}"`, 'time constants'),
    combine: (parts) => kernel.setCommonTaus(combineTauPartialSums(kernel.layout.groupBlocks, parts)),
    values: () => Float64Array.from(commonTaus(kernel.layout), ({ at }) => kernel.parametersButWeights[at] as number),
    take(values) {
      commonTaus(kernel.layout).forEach(({ at }, k) => {
        kernel.parametersButWeights[at] = values[k] as number
      })
      kernel.parametersChanged()
    },
  }
}

function required(partialSums: PartialSums | null, who: string, what: string): PartialSums {
  if (partialSums === null) throw new InternalError(`${who} shares no ${what}.`)
  return partialSums
}
