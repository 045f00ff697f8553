import { DEFAULT_KERNEL, type KernelKind } from '../../../dynamics/kernels/kernel-kind.js'
import type { ReturnedSums } from '../../../dynamics/kernels/returned-events.js'
import { hasSharedDelays } from '../../../dynamics/parameters/parameter-layout.js'
import type { Placement } from '../../../hardware/placement.js'
import type { Network } from '../../../network/description/network.js'
import { tauShapes } from '../../../network/description/time-constants.js'
import { blocksIn, nodesOfSlice } from '../../../network/slices/blocks.js'
import type { TreeNode } from '../../../numerics/tree-nodes.js'
import type { StreamUse } from '../../../streams/link.js'
import { type PlacedSlice, placedSlices, spikingSlices } from './placed-slices.js'
import { windowedGroups } from './windowed-groups.js'

/**
 * From every slice of a projection's source to every slice of its target; from a given source within every core. There is
 * none for what kernels draw themselves.
 */
export interface ProjectionPathway {
  readonly stream: number
  /** The projection's place in the network's list. */
  readonly order: number
  readonly source: PlacedSlice
  readonly target: PlacedSlice
  /** What the gradients that the target returns for a batch of spikes are sums over. */
  readonly returned: ReturnedSums
}

/**
 * From a slice that spikes to another core: all its pathways that end there are branches of it. A spike travels on it once,
 * and only if it has a target there.
 */
export interface SharedRouteOf {
  readonly stream: number
  readonly source: PlacedSlice
  /** The one that listens. */
  readonly core: number
  /** At least one, in the order of the table: a gradient batch holds theirs one behind the other. */
  readonly branches: readonly ProjectionPathway[]
  /** The description alone says that every unit has a target there. */
  readonly isWhole: boolean
}

/** From every slice of a group of neurons to the loss, which lives with the group's first slice. */
interface LossPathway {
  readonly stream: number
  readonly slice: PlacedSlice
  readonly core: number
}

/** From a slice that shares numbers with other slices to the first slice of its group, which owns them. */
export interface PartialSumPathway {
  readonly stream: number
  readonly follower: PlacedSlice
  readonly owner: PlacedSlice
  /** What the follower sends: `sums` numbers for each of its subtrees. */
  readonly nodes: readonly TreeNode[]
  readonly sums: number
  /** How many numbers they share: what the owner sends back. */
  readonly values: number
}

/** They share the delays of a projection. */
interface DelayPathway extends PartialSumPathway {
  /** The projection's place in the network's list. */
  readonly order: number
}

/** Every pathway of a placed network; all partitions number their streams alike. */
export interface PathwayTable {
  readonly projections: readonly ProjectionPathway[]
  /** What those of them travel on that join two cores. */
  readonly routes: readonly SharedRouteOf[]
  readonly losses: readonly LossPathway[]
  readonly partialSums: readonly DelayPathway[]
  /** Of time constants. */
  readonly taus: readonly PartialSumPathway[]
}

/** @param kernel of all partitions: some draw spikes themselves */
export function pathwayTable(
  network: Network,
  placement: Placement,
  kernel: KernelKind = DEFAULT_KERNEL,
): PathwayTable {
  const { groups, projections } = network
  const windowed = windowedGroups(network, placement, kernel)
  const slices = placedSlices(placement)
  const spiking = spikingSlices(network, placement)
  const slicesOf = (group: string) => slices.get(group) ?? []
  const sizeOf = new Map(groups.map(({ name, size }) => [name, size]))
  let stream = 0
  const ways = projections.flatMap(({ source, target }, order) =>
    slicesOf(target).flatMap((to) => {
      if (windowed.get(target)?.poissonInputs.has(order) === true) return []
      const total = sizeOf.get(target) ?? 0
      const returned = { order, blocks: blocksIn(total), nodes: nodesOfSlice(total, to) }
      return spiking(source, to.core).map((from): ProjectionPathway => {
        return { stream: stream++, order, source: from, target: to, returned }
      })
    }),
  )
  const losses = groups
    .filter(({ kind }) => kind !== 'source')
    .flatMap(({ name }) => {
      const core = slicesOf(name)[0]?.core ?? 0
      return slicesOf(name).map((slice): LossPathway => ({ stream: stream++, slice, core }))
    })
  function shared(group: string, sums: number, values: number): PartialSumPathway[] {
    const [owner, ...followers] = slicesOf(group)
    if (owner === undefined || values === 0) return []
    return followers.map((follower) => {
      const nodes = nodesOfSlice(sizeOf.get(group) ?? 0, follower)
      return { stream: stream++, follower, owner, nodes, sums, values }
    })
  }
  const partialSums = projections.flatMap(({ source, target, delays }, order): DelayPathway[] => {
    if (!hasSharedDelays({ delayShape: delays.kind })) return []
    const units = sizeOf.get(source) ?? 0
    return shared(target, units, delays.kind === 'scalar' ? 1 : units).map((way) => ({ ...way, order }))
  })
  const taus = groups.flatMap((group) => {
    const count = tauShapes(group).filter(({ isCommon }) => isCommon).length
    return shared(group.name, count, count)
  })
  const routes = bundled(ways).map((branches): SharedRouteOf => {
    const [{ source, target }] = branches
    return {
      stream: stream++,
      source,
      core: target.core,
      branches,
      isWhole: branches.some((way) => isDense(network, way)),
    }
  })
  return { projections: ways, routes, losses, partialSums, taus }
}

type RouteBranches = readonly [ProjectionPathway, ...ProjectionPathway[]]

/** The pathways between cores, by the slice they come from and the core they lead to. */
function bundled(ways: readonly ProjectionPathway[]): readonly RouteBranches[] {
  const bundles = new Map<string, RouteBranches>()
  for (const way of ways.filter(({ source, target }) => source.core !== target.core)) {
    const key = JSON.stringify([way.source.group, way.source.start, way.target.core])
    bundles.set(key, [...(bundles.get(key) ?? []), way] as RouteBranches)
  }
  return [...bundles.values()]
}

/** Whether every unit of the source has a synapse with every neuron of the target. */
function isDense({ projections }: Network, { order }: ProjectionPathway): boolean {
  const connectivity = projections[order]?.connectivity
  return connectivity?.kind === 'dense' && connectivity.absent.length === 0
}

/** The two ends of a stream of messages. */
export interface StreamEnds {
  /** The emitting group. */
  readonly group: string
  readonly from: number
  readonly to: number
  readonly use: StreamUse
}

/** The ends of every stream that messages travel on, between two cores or within one. */
export function streamEnds({ projections, routes, losses, partialSums, taus }: PathwayTable) {
  const ends = new Map<number, StreamEnds>()
  for (const { stream, source, target } of projections)
    if (source.core === target.core)
      ends.set(stream, { group: source.group, from: source.core, to: target.core, use: 'neurons' })
  for (const { stream, source, core } of routes)
    ends.set(stream, { group: source.group, from: source.core, to: core, use: 'neurons' })
  for (const { stream, slice, core } of losses)
    ends.set(stream, { group: slice.group, from: slice.core, to: core, use: 'loss' })
  for (const { stream, follower, owner } of [...partialSums, ...taus])
    ends.set(stream, { group: follower.group, from: follower.core, to: owner.core, use: 'shared' })
  return ends
}
