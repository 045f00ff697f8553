import type { AnswerSums } from '../../dynamics/projection-answers.js'
import type { Placement } from '../../hardware/placement.js'
import { areShared } from '../../network/are-shared.js'
import type { Network } from '../../network/network.js'
import { tauShapes } from '../../network/time-constants.js'
import type { TreeNode } from '../../numerics/tree-nodes.js'
import { blocksIn, nodesOfSlice, type PlacedSlice, placedSlices, spikingSlices } from './placed-slices.js'

/** From every slice of a projection's source to every slice of its target; from a given source within every core. */
export interface ProjectionPathway {
  readonly stream: number
  /** The projection's place in the network's list. */
  readonly order: number
  readonly source: PlacedSlice
  readonly target: PlacedSlice
  /** What the target answers a batch of spikes with. */
  readonly answers: AnswerSums
}

/** From every slice of a group of neurons to the loss, which lives with the group's first slice. */
export interface LossPathway {
  readonly stream: number
  readonly slice: PlacedSlice
  readonly core: number
}

/** From a slice that shares numbers with other slices to the first slice of its group, which owns them. */
export interface SharePathway {
  readonly stream: number
  readonly follower: PlacedSlice
  readonly owner: PlacedSlice
  /** What the follower sends: so many sums for each of its subtrees. */
  readonly nodes: readonly TreeNode[]
  readonly sums: number
  /** How many numbers they share: what the owner sends back. */
  readonly values: number
}

/** They share the delays of a projection. */
export interface DelayPathway extends SharePathway {
  /** The projection's place in the network's list. */
  readonly order: number
}

/** Every pathway of a placed network; all partitions number their streams alike. */
export interface PathwayTable {
  readonly projections: readonly ProjectionPathway[]
  readonly losses: readonly LossPathway[]
  readonly shares: readonly DelayPathway[]
  /** Of time constants. */
  readonly taus: readonly SharePathway[]
}

export function pathwayTable(network: Network, placement: Placement): PathwayTable {
  const { groups, projections } = network
  const slices = placedSlices(placement)
  const spiking = spikingSlices(network, placement)
  const slicesOf = (group: string) => slices.get(group) ?? []
  const sizeOf = new Map(groups.map(({ name, size }) => [name, size]))
  let stream = 0
  const ways = projections.flatMap(({ source, target }, order) =>
    slicesOf(target).flatMap((to) => {
      const total = sizeOf.get(target) ?? 0
      const answers = { order, blocks: blocksIn(total), nodes: nodesOfSlice(total, to) }
      return spiking(source, to.core).map((from): ProjectionPathway => {
        return { stream: stream++, order, source: from, target: to, answers }
      })
    }),
  )
  const losses = groups
    .filter(({ kind }) => kind !== 'source')
    .flatMap(({ name }) => {
      const core = slicesOf(name)[0]?.core ?? 0
      return slicesOf(name).map((slice): LossPathway => ({ stream: stream++, slice, core }))
    })
  function shared(group: string, sums: number, values: number): SharePathway[] {
    const [owner, ...followers] = slicesOf(group)
    if (owner === undefined || values === 0) return []
    return followers.map((follower) => {
      const nodes = nodesOfSlice(sizeOf.get(group) ?? 0, follower)
      return { stream: stream++, follower, owner, nodes, sums, values }
    })
  }
  const shares = projections.flatMap(({ source, target, delays }, order): DelayPathway[] => {
    if (!areShared(delays)) return []
    const units = sizeOf.get(source) ?? 0
    return shared(target, units, delays.kind === 'scalar' ? 1 : units).map((way) => ({ ...way, order }))
  })
  const taus = groups.flatMap((group) => {
    const count = tauShapes(group).filter(({ isCommon }) => isCommon).length
    return shared(group.name, count, count)
  })
  return { projections: ways, losses, shares, taus }
}

/** The emitting group and the two cores of every stream. */
export function streamEnds({ projections, losses, shares, taus }: PathwayTable) {
  const ends = new Map<number, { readonly group: string; readonly from: number; readonly to: number }>()
  for (const { stream, source, target } of projections)
    ends.set(stream, { group: source.group, from: source.core, to: target.core })
  for (const { stream, slice, core } of losses) ends.set(stream, { group: slice.group, from: slice.core, to: core })
  for (const { stream, follower, owner } of [...shares, ...taus])
    ends.set(stream, { group: follower.group, from: follower.core, to: owner.core })
  return ends
}
