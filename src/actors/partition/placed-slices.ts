import type { Placement } from '../../hardware/placement.js'
import { isGiven } from '../../network/given-source.js'
import type { GroupSlice } from '../../network/group-slice.js'
import type { Network } from '../../network/network.js'
import { BLOCK } from '../../numerics/block-sum.js'
import { type TreeNode, treeNodes } from '../../numerics/tree-nodes.js'

/** A slice and the core that holds it. */
export interface PlacedSlice extends GroupSlice {
  readonly core: number
}

/** The slices of every group, by their first neuron. */
export function placedSlices({ cores }: Placement): ReadonlyMap<string, readonly PlacedSlice[]> {
  const slices = new Map<string, PlacedSlice[]>()
  for (const { core, slices: here } of cores)
    for (const slice of here) slices.set(slice.group, [...(slices.get(slice.group) ?? []), { ...slice, core }])
  for (const list of slices.values()) list.sort((a, b) => a.start - b.start)
  return slices
}

/**
 * The slices of a group whose spikes come to a core, by their first neuron. A source that is given its spikes is whole
 * wherever it is listened to: what it is given goes to every such core with the order of a run, and never over a link.
 */
export type SpikingSlices = (group: string, core: number) => readonly PlacedSlice[]

export function spikingSlices({ groups }: Network, placement: Placement): SpikingSlices {
  const slices = placedSlices(placement)
  const given = new Map(groups.filter(isGiven).map(({ name, size }) => [name, size]))
  return (group, core) => {
    const end = given.get(group)
    return end === undefined ? (slices.get(group) ?? []) : [{ group, start: 0, end, core }]
  }
}

/** Blocks of a group of `total` neurons. */
export function blocksIn(total: number): number {
  return Math.ceil(total / BLOCK)
}

/** The subtrees of the fixed tree over a group's blocks that a slice sums up by itself. */
export function nodesOfSlice(total: number, { start, end }: Pick<GroupSlice, 'start' | 'end'>): readonly TreeNode[] {
  return treeNodes(blocksIn(total), start / BLOCK, blocksIn(end))
}
