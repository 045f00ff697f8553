import { createPartition } from '../../src/actors/create-partition.js'
import { createSession } from '../../src/actors/create-session.js'
import type { Placement } from '../../src/hardware/placement.js'
import type { Session } from '../../src/learning/session.js'
import type { Network } from '../../src/network/network.js'
import type { Deliver } from '../../src/streams/deliver.js'
import type { Link } from '../../src/streams/link.js'
import { createLink } from '../../src/streams/links/create-link.js'
import type { LinkLimits } from '../../src/streams/links/link-limits.js'
import { createMemoryPorts } from '../../src/streams/links/memory-port.js'

export interface LinkedOptions {
  readonly seed: number
  /** Decides when a frame arrives. */
  readonly deliver?: Deliver
  readonly limits?: Partial<LinkLimits>
}

export interface LinkedSession extends Session {
  readonly links: readonly Link[]
}

/** A session over partitions in this process that are joined by links: everything they say becomes frames. */
export async function openLinked(
  network: Network,
  placement: Placement,
  { seed, deliver = queueMicrotask, limits = {} }: LinkedOptions,
): Promise<LinkedSession> {
  const cores = placement.cores.map(({ core }) => core)
  const linksOf = new Map(cores.map((core) => [core, new Map<number, Link>()]))
  const clock = { now: () => 0, every: () => () => undefined }
  const nameOf = () => 'group'
  const identity = { kernel: 'reference', arithmetic: 1, network: null }
  for (const low of cores)
    for (const high of cores.filter((core) => core > low)) {
      const { left, right } = createMemoryPorts(deliver)
      const shared = { identity, token: 'secret', clock, nameOf, limits }
      linksOf.get(low)!.set(high, createLink(left, { ...shared, role: 'accept', index: low, peers: [high] }))
      linksOf.get(high)!.set(low, createLink(right, { ...shared, role: 'dial', index: high, peers: [low] }))
    }
  const links = [...linksOf.values()].flatMap((map) => [...map.values()])
  await Promise.all(links.map(({ opened }) => opened))
  const partitions = cores.map((core) => createPartition({ network, seed, placement, core, links: linksOf.get(core)! }))
  return { ...createSession({ network, placement, partitions }), links }
}
