import type { Placement } from '../../hardware/placement.js'
import type { Network } from '../../network/network.js'
import { tauShapes } from '../../network/time-constants.js'
import { type PlacedSlice, placedSlices } from './placed-slices.js'

/** From every slice of a projection's source to every slice of its target. */
export interface ProjectionPathway {
  readonly stream: number
  /** The projection's place in the network's list. */
  readonly order: number
  readonly source: PlacedSlice
  readonly target: PlacedSlice
}

/** From every slice of a group of neurons to the loss, which lives with the group's first slice. */
export interface LossPathway {
  readonly stream: number
  readonly slice: PlacedSlice
  readonly core: number
}

/** From a slice that shares delays with other slices to the first slice of its group, which owns them. */
export interface SharePathway {
  readonly stream: number
  readonly order: number
  readonly follower: PlacedSlice
  readonly owner: PlacedSlice
}

/** From a slice that shares time constants with other slices to the first slice of its group, which owns them. */
export interface TauPathway {
  readonly stream: number
  /** How many time constants the group shares. */
  readonly count: number
  readonly follower: PlacedSlice
  readonly owner: PlacedSlice
}

/** Every pathway of a placed network; all partitions number their streams alike. */
export interface PathwayTable {
  readonly projections: readonly ProjectionPathway[]
  readonly losses: readonly LossPathway[]
  readonly shares: readonly SharePathway[]
  readonly taus: readonly TauPathway[]
}

export function pathwayTable({ groups, projections }: Network, placement: Placement): PathwayTable {
  const slices = placedSlices(placement)
  const slicesOf = (group: string) => slices.get(group) ?? []
  let stream = 0
  const ways = projections.flatMap(({ source, target }, order) =>
    slicesOf(source).flatMap((from) =>
      slicesOf(target).map((to): ProjectionPathway => ({ stream: stream++, order, source: from, target: to })),
    ),
  )
  const losses = groups
    .filter(({ kind }) => kind !== 'source')
    .flatMap(({ name }) => {
      const core = slicesOf(name)[0]?.core ?? 0
      return slicesOf(name).map((slice): LossPathway => ({ stream: stream++, slice, core }))
    })
  const shares = projections.flatMap(({ target, delays }, order) => {
    if (delays.kind !== 'scalar' && delays.kind !== 'perSource') return []
    const [owner, ...followers] = slicesOf(target)
    if (owner === undefined) return []
    return followers.map((follower): SharePathway => ({ stream: stream++, order, follower, owner }))
  })
  const taus = groups.flatMap((group) => {
    const count = tauShapes(group).filter(({ isCommon }) => isCommon).length
    const [owner, ...followers] = slicesOf(group.name)
    if (owner === undefined || count === 0) return []
    return followers.map((follower): TauPathway => ({ stream: stream++, count, follower, owner }))
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
