import type { KernelKind } from '../../../dynamics/kernels/kernel-kind.js'
import type { Placement } from '../../../hardware/placement.js'
import type { Loss } from '../../../learning/loss.js'
import { classesOf } from '../../../learning/loss-view.js'
import { isGiven } from '../../../network/description/given-source.js'
import type { Group, Network } from '../../../network/description/network.js'
import { type PathwayTable, type ProjectionPathway, pathwayTable } from '../pathways/pathway-table.js'
import { type HeldSlice, heldSlices } from './held-slices.js'

/** A source that a core sends spikes of: all of it if they are given, else the slice that is placed there. */
interface HeldSource {
  readonly name: string
  readonly described: Group
  readonly start: number
  readonly end: number
}

/** What the coordinator knows of a core: what may come from it is held against this. */
export interface HeldCore {
  readonly core: number
  readonly network: Network
  readonly slices: readonly HeldSlice[]
  readonly sources: readonly HeldSource[]
  /** The cores that it is linked to. */
  readonly neighbours: readonly number[]
  /** Those that begin here. */
  readonly pathways: () => readonly ProjectionPathway[]
  /** How many labels a loss tells apart. */
  classesOf(loss: Loss, size: number): number
}

export interface HeldCoresOptions {
  readonly network: Network
  readonly placement: Placement
  /** Of all partitions. */
  readonly kernel?: KernelKind | undefined
  /** By which they draw. */
  readonly seed: number
  /** By member, see `neighbourhood`. */
  readonly neighbours: readonly (readonly number[])[]
}

/** What each member of a cluster holds of a placed network. */
export function heldCores({
  network,
  placement,
  kernel,
  seed,
  neighbours,
}: HeldCoresOptions): (member: number) => HeldCore {
  let known: PathwayTable | null = null
  const table = () => {
    known ??= pathwayTable(network, placement, kernel)
    return known
  }
  return (member) => {
    const core = member % placement.cores.length
    const placed = placement.cores.find((each) => each.core === core)?.slices ?? []
    const pathways = () => table().projections.filter(({ source }) => source.core === core)
    const sources = network.groups.flatMap((described): readonly HeldSource[] => {
      const { name, kind, size } = described
      const slice = placed.find(({ group }) => group === name)
      if (kind !== 'source') return []
      if (!isGiven(described)) return slice === undefined ? [] : [{ ...slice, name, described }]
      const isHere = slice?.start === 0 || pathways().some(({ source }) => source.group === name)
      return isHere ? [{ name, described, start: 0, end: size }] : []
    })
    const slices = heldSlices(network, placement, core, seed)
    return { core: member, network, slices, sources, neighbours: neighbours[member] ?? [], pathways, classesOf }
  }
}
