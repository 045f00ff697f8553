import type { Group, Network } from '../network/description/network.js'
import { components } from '../network/graph/components.js'
import { blocksOf, type Slice } from '../network/slices/blocks.js'
import type { GroupSlice } from '../network/slices/group-slice.js'
import { isWhole } from '../network/slices/group-slice.js'
import { fits, type Load, type LoadOf, loadOfAll, measureLoads } from './load.js'
import { findQuickCycles, type QuickCycle, type QuickCycleOf } from './quick-cycles.js'
import { joinSlices } from './slices.js'

/** Slices that stay together. */
export interface PlacementUnit extends Load {
  readonly slices: readonly GroupSlice[]
  /** Why they do, if not because they are one block or one source. */
  readonly quickCycle: QuickCycle | null
}

/** A network in placement units, in the order in which they fill the cores. */
export interface CutNetwork {
  /** Every quick cycle that fits a core is whole. */
  readonly preferred: readonly PlacementUnit[]
  /** Only quick cycles that must not be cut are whole. */
  readonly finest: readonly PlacementUnit[]
}

/**
 * Cuts a network into placement units: quick cycles, sources and whole actors in one, everything else block by block.
 *
 * Sources are cut, too, as far as there would be fewer than `wanted` placement units: their blocks carry no work, so cutting
 * them does not spread any. `most` is what a core can hold.
 */
export function cutNetwork(network: Network, wanted: number, most: Load): CutNetwork {
  const quickCycles = findQuickCycles(network)
  const groups = fillingOrder(network, quickCycles.short)
  const loadOf = measureLoads(network)
  const sizes = new Map(groups.map(({ name, size }) => [name, size]))
  const whole = (group: string): GroupSlice => ({ group, start: 0, end: sizes.get(group) as number })
  const keepsShort = (group: string) => {
    const quickCycle = quickCycles.short(group)
    return quickCycle !== undefined && fits(loadOfAll(quickCycle.groups.map(whole), loadOf), most)
      ? quickCycle
      : quickCycles.tight(group)
  }
  const cut = (quickCycleOf: QuickCycleOf) => placementUnitsOf(groups, quickCycleOf, loadOf, wanted)
  return { preferred: cut(keepsShort), finest: cut(quickCycles.tight) }
}

/**
 * The groups in the order in which they fill the cores: topological, description order within a component, but the
 * groups of a quick cycle in one run. So the order is the same whichever of the quick cycles stay whole, and finer placement units
 * fit wherever coarser ones do.
 */
function fillingOrder(network: Network, quickCycleOf: QuickCycleOf): readonly Group[] {
  const names = new Set<string>()
  for (const { groups } of components(network)) {
    for (const name of groups) {
      if (names.has(name)) continue
      for (const mate of quickCycleOf(name)?.groups ?? [name]) names.add(mate)
    }
  }
  const groups = new Map(network.groups.map((group) => [group.name, group]))
  return [...names].map((name) => groups.get(name) as Group)
}

function placementUnitsOf(
  groups: readonly Group[],
  quickCycleOf: QuickCycleOf,
  loadOf: LoadOf,
  wanted: number,
): readonly PlacementUnit[] {
  const sizes = new Map(groups.map(({ name, size }) => [name, size]))
  const placementUnit = (slices: readonly GroupSlice[], quickCycle: QuickCycle | null = null): PlacementUnit => {
    return { slices, quickCycle, ...loadOfAll(slices, loadOf) }
  }
  const placementUnits = groups.map((group): readonly PlacementUnit[] => {
    const { name, kind, size } = group
    const quickCycle = quickCycleOf(name)
    if (quickCycle !== undefined) {
      const whole = () => quickCycle.groups.map((group) => ({ group, start: 0, end: sizes.get(group) as number }))
      return quickCycle.groups[0] === name ? [placementUnit(whole(), quickCycle)] : []
    }
    const slices = kind === 'source' || isWhole(group) ? [{ start: 0, end: size }] : blocksOf(size)
    return slices.map((slice) => placementUnit([{ group: name, ...slice }]))
  })
  let missing = wanted - placementUnits.reduce((count, list) => count + list.length, 0)
  return groups.flatMap(({ name, kind, size }, index) => {
    if (kind !== 'source' || missing <= 0) return placementUnits[index] as readonly PlacementUnit[]
    const parts = cutInto(size, missing + 1)
    missing -= parts.length - 1
    return parts.map((part) => placementUnit([{ group: name, ...part }]))
  })
}

/** As many slices of nearly equal size as the blocks allow. */
function cutInto(size: number, wanted: number): readonly Slice[] {
  const blocks = blocksOf(size)
  const parts = Math.min(wanted, blocks.length)
  const startOf = (part: number) => blocks[Math.floor((part * blocks.length) / parts)]?.start ?? size
  return Array.from({ length: parts }, (_, part) => ({ start: startOf(part), end: startOf(part + 1) }))
}

/** The slices of neighbouring placement units. */
export function slicesOfUnits(placementUnits: readonly PlacementUnit[]): readonly GroupSlice[] {
  return joinSlices(placementUnits.flatMap(({ slices }) => slices))
}
