import { DEFAULT_KERNEL, type KernelKind } from '../../../dynamics/kernels/kernel-kind.js'
import type { Placement } from '../../../hardware/placement.js'
import type { Network } from '../../../network/description/network.js'
import type { StreamUse } from '../../../streams/link.js'
import { pathwayTable, streamEnds } from './pathway-table.js'

/** What leads from one member of a cluster to others. */
export interface Neighbourhood {
  /** Per member: those that a stream leads to or comes from, in rising order. */
  readonly neighbours: readonly (readonly number[])[]
  /** The emitting group of a stream between two members; undefined where there is no such stream. */
  groupOf(stream: number, one: number, other: number): string | undefined
  useOf(stream: number): StreamUse
}

/** Streams between replicas have numbers from here on; those of a placement are below. */
const FIRST_REPLICA_STREAM = 2 ** 31

/** The number, from both ends, of the stream between two of some replicas of a core. */
export function replicaStream(one: number, other: number, replicas: number): number {
  return FIRST_REPLICA_STREAM + replicas * Math.min(one, other) + Math.max(one, other)
}

/**
 * The neighbourhood of the members of a cluster: the replicas of all cores, replica by replica, so that member
 * `replica · cores + core` holds a core. It is linked to its neighbours in the replica and to the other replicas of its core.
 *
 * @param kernel of all partitions: it decides about streams
 */
export function neighbourhood(
  network: Network,
  placement: Placement,
  { kernel = DEFAULT_KERNEL, replicas = 1 }: { readonly kernel?: KernelKind; readonly replicas?: number } = {},
): Neighbourhood {
  const around = neighbourhoodOfCores(network, placement, kernel)
  if (replicas === 1) return around
  const cores = placement.cores.length
  const numbers = Array.from({ length: replicas }, (_, replica) => replica)
  return {
    neighbours: numbers.flatMap((replica) =>
      around.neighbours.map((others, core) => {
        const within = others.map((other) => replica * cores + other)
        const across = numbers.filter((other) => other !== replica).map((other) => other * cores + core)
        return [...within, ...across].sort((a, b) => a - b)
      }),
    ),
    groupOf(stream, one, other) {
      const isWithin = Math.floor(one / cores) === Math.floor(other / cores)
      return isWithin ? around.groupOf(stream, one % cores, other % cores) : undefined
    },
    useOf: (stream) => (stream < FIRST_REPLICA_STREAM ? around.useOf(stream) : 'shared'),
  }
}

function neighbourhoodOfCores(network: Network, placement: Placement, kernel: KernelKind): Neighbourhood {
  const streams = streamEnds(pathwayTable(network, placement, kernel))
  const sets = placement.cores.map(() => new Set<number>())
  for (const { from, to } of streams.values()) {
    if (from === to) continue
    sets[from]?.add(to)
    sets[to]?.add(from)
  }
  return {
    neighbours: sets.map((set) => [...set].sort((a, b) => a - b)),
    groupOf(stream, one, other) {
      const ends = streams.get(stream)
      if (ends === undefined) return undefined
      const { group, from, to } = ends
      return (from === one && to === other) || (from === other && to === one) ? group : undefined
    },
    useOf: (stream) => streams.get(stream)?.use ?? 'neurons',
  }
}
