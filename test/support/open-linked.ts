import { loadModules } from '../../src/actors/modules/load-modules.js'
import { ANY_MODULE } from '../../src/actors/modules/module-policy.js'
import { createPartition } from '../../src/actors/partition/wiring/create-partition.js'
import { createSession } from '../../src/actors/session/create-session.js'
import { AT_ONCE, type MicroBatchOf } from '../../src/actors/session/micro-batch.js'
import type { StreamingSession } from '../../src/actors/streaming/spike-stream.js'
import { DEFAULT_KERNEL, type KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import type { Placement } from '../../src/hardware/placement.js'
import type { Network } from '../../src/network/description/network.js'
import type { Link } from '../../src/streams/link.js'
import { type LinkPairOptions, openLinkPair } from './link-pair.js'

export interface LinkedSession extends StreamingSession {
  readonly links: readonly Link[]
}

/** A session over partitions in this process that are joined by links: everything they say becomes frames. */
export async function openLinked(
  network: Network,
  placement: Placement,
  {
    seed,
    spikesPerBatch = 1e5,
    microBatchOf = AT_ONCE,
    kernel = DEFAULT_KERNEL,
    ...options
  }: LinkPairOptions & {
    readonly seed: number
    readonly spikesPerBatch?: number
    readonly microBatchOf?: MicroBatchOf
    readonly kernel?: KernelKind
  },
): Promise<LinkedSession> {
  const cores = placement.cores.map(({ core }) => core)
  const linksOf = new Map(cores.map((core) => [core, new Map<number, Link>()]))
  for (const own of cores)
    for (const other of cores.filter((core) => core > own)) {
      const { low, high } = await openLinkPair({ ...options, cores: [own, other] })
      linksOf.get(own)!.set(other, low)
      linksOf.get(other)!.set(own, high)
    }
  const modules = await loadModules(network, ANY_MODULE)
  const partitions = cores.map((core) =>
    createPartition({ network, seed, placement, core, links: linksOf.get(core)!, spikesPerBatch, kernel, modules }),
  )
  const links = [...linksOf.values()].flatMap((map) => [...map.values()])
  return { ...createSession({ network, placement, partitions, microBatchOf }, { seed }), links }
}
