import { createSoloPool, type WorkerPool } from '../../../dynamics/kernels/simd/worker-pool.js'
import type { Placement } from '../../../hardware/placement.js'
import type { Network } from '../../../network/description/network.js'
import type { Deliver } from '../../../streams/deliver.js'
import { createDeliveries } from '../../../streams/deliveries.js'
import type { Link } from '../../../streams/link.js'
import { createLocalLinks } from '../../../streams/links/local-link.js'
import { createMicrotaskMailbox } from '../../../streams/mailbox.js'
import { afterTurn } from '../../../streams/system-clock.js'
import { type Computation, computationOf } from '../../computation-options.js'
import type { LoadedModules } from '../../modules/load-modules.js'
import { requireMemory } from '../../require-memory.js'
import type { ActorPartition } from '../actor-partition.js'
import type { MemoryUse, Partition } from '../partition.js'
import { neighbourhood } from '../pathways/neighbours.js'
import type { KernelPool } from '../threads/kernel-pool.js'
import { createPartition } from './create-partition.js'
import { refuseToStall } from './refuse-to-stall.js'

export interface LocalPartitionsOptions {
  readonly network: Network
  readonly placement: Placement
  /** Decides when a message between actors arrives; default: soon, in the order sent. Never changes a result. */
  readonly deliver?: Deliver
  /** Of every partition, see `ClusterOptions`; default: one. */
  readonly replicas?: number
  /** Of metrics. */
  readonly memory?: () => MemoryUse
  /** See `PartitionOptions`. */
  readonly trace?: (() => number) | undefined
  /** See `PartitionOptions`. */
  readonly modules?: LoadedModules
}

interface Metered {
  /** The partitions count what they do; default: they do not. */
  readonly metrics?: boolean
}

/** Partitions in this process, and the end of the threads they run on, which comes after theirs. */
export interface LocalPartitions {
  /** Core by core, all replicas of each. */
  readonly partitions: readonly Partition[]
  close(): Promise<void>
}

/**
 * The partitions of a placement, all in this process: messages between them are handed over, never copied.
 *
 * Raises `InputError` NETWORK_MEMORY.
 *
 * @param computation of all of them; its threads share the work of all
 */
export async function openLocalPartitions(
  options: LocalPartitionsOptions,
  computation: Computation & Metered,
): Promise<LocalPartitions> {
  const { network, placement, replicas = 1 } = options
  requireMemory({ network, cores: placement.cores, replicas }, computation)
  const pool = await openPool(computation.threads)
  try {
    return { partitions: createPartitions(options, computation, pool).flat(), close: () => pool.close() }
  } catch (error) {
    void pool.close()
    throw error
  }
}

/** Threads, and what starts them, are loaded where there are any. */
async function openPool(threads: number): Promise<KernelPool> {
  if (threads === 1) return { ...createSoloPool(), close: async () => undefined }
  const { openKernelPool } = await import('../threads/kernel-pool.js')
  return openKernelPool(threads)
}

function createPartitions(
  options: LocalPartitionsOptions,
  computation: Computation & Metered,
  pool: WorkerPool,
): readonly (readonly ActorPartition[])[] {
  const { network, placement, replicas: count = 1 } = options
  const memory = computation.metrics === true ? options.memory : undefined
  const { useOf } = neighbourhood(network, placement, { kernel: computation.kernel, replicas: count })
  const deliver = watchedDeliver(options.deliver ?? createMicrotaskMailbox(), () => partitions.flat())
  const given = { ...options, ...computationOf(computation), pool, memory, deliver }
  const cores = placement.cores.map(({ core }) => core)
  const replicas = Array.from({ length: count }, (_, replica) => replica)
  const join = (low: number, high: number) => createLocalLinks(low, high, deliver, useOf)
  const member = (replica: number, core: number) => replica * cores.length + core
  const linksIn = replicas.map((replica) => {
    return linksBetween(cores, (low, high) => join(member(replica, low), member(replica, high)))
  })
  const linksOn = new Map(
    cores.map((core) => [core, linksBetween(replicas, (low, high) => join(member(low, core), member(high, core)))]),
  )
  const partitions = cores.map((core) =>
    replicas.map((own) => {
      const links = linksIn[own]?.get(core) ?? new Map<number, Link>()
      const toOthers = linksOn.get(core)?.get(own)
      const others =
        count === 1
          ? undefined
          : { own, cores: cores.length, links: replicas.map((other) => toOthers?.get(other) ?? null) }
      return createPartition({ ...given, core, links, among: others })
    }),
  )
  return partitions
}

/** A link between every two of some sides: by side, those to the others. */
function linksBetween(
  sides: readonly number[],
  join: (low: number, high: number) => { readonly low: Link; readonly high: Link },
): ReadonlyMap<number, ReadonlyMap<number, Link>> {
  const linksOf = new Map(sides.map((side) => [side, new Map<number, Link>()]))
  for (const low of sides)
    for (const high of sides.filter((side) => side > low)) {
      const ends = join(low, high)
      linksOf.get(low)?.set(high, ends.low)
      linksOf.get(high)?.set(low, ends.high)
    }
  return linksOf
}

/**
 * Carries the messages of all partitions here. Whatever happens in them happens at once after a message or an order: where
 * nothing is on its way, and still nothing is a turn of the event loop later, nothing will ever come.
 */
function watchedDeliver(deliver: Deliver, partitions: () => readonly ActorPartition[]): Deliver {
  let isDue = false
  const look = (seen: number) => {
    isDue = false
    if (!deliveries.isQuiet) return
    if (deliveries.count === seen) refuseToStall(partitions())
    else lookSoon()
  }
  const lookSoon = () => {
    if (isDue || !partitions().some((partition) => isWaiting(partition))) return
    isDue = true
    const { count } = deliveries
    afterTurn(() => look(count))
  }
  const deliveries = createDeliveries(deliver, lookSoon)
  return deliveries.deliver
}

function isWaiting(partition: ActorPartition): boolean {
  return (partition.waiting()?.actors.length ?? 0) > 0
}
