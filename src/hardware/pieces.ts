import { isWhole } from '../network/description/is-whole.js'
import type { Group, Network } from '../network/description/network.js'
import { components } from '../network/graph/components.js'
import { blocksOf, type Slice } from '../network/slices/blocks.js'
import type { GroupSlice } from '../network/slices/group-slice.js'
import { findKnots, type Knot, type KnotOf } from './knots.js'
import { fits, type Load, type LoadOf, loadOfAll, measureLoads } from './load.js'

/** Slices that stay together. */
export interface Piece extends Load {
  readonly slices: readonly GroupSlice[]
  /** Why they do, if not because they are one block or one source. */
  readonly knot: Knot | null
}

/** A network in pieces, in the order in which they fill the cores. */
export interface CutNetwork {
  /** Every knot that fits a core is whole. */
  readonly preferred: readonly Piece[]
  /** Only knots that must not be cut are whole. */
  readonly finest: readonly Piece[]
}

/**
 * Cuts a network into pieces: knots, sources and whole actors in one, everything else block by block.
 *
 * Sources are cut, too, as far as there would be fewer than `wanted` pieces: their blocks carry no work, so cutting
 * them does not spread any. `most` is what a core can hold.
 */
export function cutNetwork(network: Network, wanted: number, most: Load): CutNetwork {
  const knots = findKnots(network)
  const groups = fillingOrder(network, knots.short)
  const loadOf = measureLoads(network)
  const sizes = new Map(groups.map(({ name, size }) => [name, size]))
  const whole = (group: string): GroupSlice => ({ group, start: 0, end: sizes.get(group) as number })
  const keepsShort = (group: string) => {
    const knot = knots.short(group)
    return knot !== undefined && fits(loadOfAll(knot.groups.map(whole), loadOf), most) ? knot : knots.tight(group)
  }
  const cut = (knotOf: KnotOf) => piecesOf(groups, knotOf, loadOf, wanted)
  return { preferred: cut(keepsShort), finest: cut(knots.tight) }
}

/**
 * The groups in the order in which they fill the cores: topological, description order within a component, but the
 * groups of a knot in one run. So the order is the same whichever of the knots stay whole, and finer pieces fit wherever
 * coarser ones do.
 */
function fillingOrder(network: Network, knotOf: KnotOf): readonly Group[] {
  const names = new Set<string>()
  for (const { groups } of components(network)) {
    for (const name of groups) {
      if (names.has(name)) continue
      for (const mate of knotOf(name)?.groups ?? [name]) names.add(mate)
    }
  }
  const groups = new Map(network.groups.map((group) => [group.name, group]))
  return [...names].map((name) => groups.get(name) as Group)
}

function piecesOf(groups: readonly Group[], knotOf: KnotOf, loadOf: LoadOf, wanted: number): readonly Piece[] {
  const sizes = new Map(groups.map(({ name, size }) => [name, size]))
  const piece = (slices: readonly GroupSlice[], knot: Knot | null = null): Piece => {
    return { slices, knot, ...loadOfAll(slices, loadOf) }
  }
  const pieces = groups.map((group): readonly Piece[] => {
    const { name, kind, size } = group
    const knot = knotOf(name)
    if (knot !== undefined) {
      const whole = () => knot.groups.map((group) => ({ group, start: 0, end: sizes.get(group) as number }))
      return knot.groups[0] === name ? [piece(whole(), knot)] : []
    }
    const slices = kind === 'source' || isWhole(group) ? [{ start: 0, end: size }] : blocksOf(size)
    return slices.map((slice) => piece([{ group: name, ...slice }]))
  })
  let missing = wanted - pieces.reduce((count, list) => count + list.length, 0)
  return groups.flatMap(({ name, kind, size }, index) => {
    if (kind !== 'source' || missing <= 0) return pieces[index] as readonly Piece[]
    const parts = cutInto(size, missing + 1)
    missing -= parts.length - 1
    return parts.map((part) => piece([{ group: name, ...part }]))
  })
}

/** As many slices of nearly equal size as the blocks allow. */
function cutInto(size: number, wanted: number): readonly Slice[] {
  const blocks = blocksOf(size)
  const parts = Math.min(wanted, blocks.length)
  const startOf = (part: number) => blocks[Math.floor((part * blocks.length) / parts)]?.start ?? size
  return Array.from({ length: parts }, (_, part) => ({ start: startOf(part), end: startOf(part + 1) }))
}

/** The slices of neighbouring pieces, with those of one group joined. */
export function joinSlices(pieces: readonly Piece[]): readonly GroupSlice[] {
  const joined = new Map<string, GroupSlice>()
  for (const { slices } of pieces) {
    for (const slice of slices) {
      const { start } = joined.get(slice.group) ?? slice
      joined.set(slice.group, { group: slice.group, start, end: slice.end })
    }
  }
  return [...joined.values()]
}
