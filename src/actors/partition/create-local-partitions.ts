import { DEFAULT_KERNEL, type KernelKind } from '../../dynamics/kernel-kind.js'
import type { Crew } from '../../dynamics/wasm/crew.js'
import type { Placement } from '../../hardware/placement.js'
import type { Network } from '../../network/network.js'
import type { Deliver } from '../../streams/deliver.js'
import type { Link } from '../../streams/link.js'
import { createLocalLinks } from '../../streams/links/local-link.js'
import { createMicrotaskMailbox } from '../../streams/microtask-mailbox.js'
import { createPartition } from './create-partition.js'
import type { Partition } from './partition.js'

export interface LocalPartitionsOptions {
  readonly network: Network
  readonly seed: number
  readonly placement: Placement
  /** Default 'simd'. */
  readonly kernel?: KernelKind
  /** Threads that share the work of all partitions here; default: this one alone. */
  readonly crew?: Crew
  /** Decides when a message between actors arrives; default: soon, in the order sent. Never changes a result. */
  readonly deliver?: Deliver
}

/** The partitions of a placement, all in this process: messages between them are handed over, never copied. */
export function createLocalPartitions(options: LocalPartitionsOptions): readonly Partition[] {
  const { network, seed, placement, deliver, kernel = DEFAULT_KERNEL, crew } = options
  const cores = placement.cores.map(({ core }) => core)
  const linksOf = new Map(cores.map((core) => [core, new Map<number, Link>()]))
  const carry = deliver ?? createMicrotaskMailbox()
  for (const low of cores)
    for (const high of cores.filter((core) => core > low)) {
      const ends = createLocalLinks(low, high, carry)
      linksOf.get(low)?.set(high, ends.low)
      linksOf.get(high)?.set(low, ends.high)
    }
  const links = (core: number): ReadonlyMap<number, Link> => linksOf.get(core) ?? new Map()
  const given = { ...(deliver === undefined ? {} : { deliver }), ...(crew === undefined ? {} : { crew }) }
  return cores.map((core) => createPartition({ network, seed, placement, core, links: links(core), kernel, ...given }))
}
