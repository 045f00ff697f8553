import type { Grid, Position, RouteOrder } from './grid.js'

/** How the cores of chips are numbered and joined: all of a profile that a route depends on. */
export interface RoutedChips {
  /** Tiles of one chip. */
  readonly chip: Grid & { readonly coresPerTile: number; readonly tileOrder: 'column-major' | 'row-major' }
  /** Chips are counted row by row. */
  readonly chips: Grid
  readonly routing: { readonly order: RouteOrder; readonly multicast: boolean }
  readonly deadLinks: readonly DeadLink[]
}

/** A link that carries nothing, either way; routers are counted over all chips. */
export interface DeadLink {
  readonly x: number
  readonly y: number
  readonly towards: 'east' | 'north' | 'northeast'
}

/** One core of one chip, both counted from 0. */
export interface CorePlace {
  readonly chip: number
  readonly core: number
}

/** How far apart two cores are. */
export type Level = 'inCore' | 'inTile' | 'betweenTiles' | 'betweenChips'

/** The tile of a core: core k lies in tile floor(k / coresPerTile) of its chip. */
export function tileOf({ chip }: Pick<RoutedChips, 'chip'>, core: number): Position {
  const tile = Math.floor(core / chip.coresPerTile)
  return chip.tileOrder === 'row-major'
    ? { x: tile % chip.columns, y: Math.floor(tile / chip.columns) }
    : { x: Math.floor(tile / chip.rows), y: tile % chip.rows }
}

export function coresPerChip({ chip }: Pick<RoutedChips, 'chip'>): number {
  return chip.columns * chip.rows * chip.coresPerTile
}

export function chipCount({ chips }: Pick<RoutedChips, 'chips'>): number {
  return chips.columns * chips.rows
}

export function levelBetween({ chip }: Pick<RoutedChips, 'chip'>, from: CorePlace, to: CorePlace): Level {
  if (from.chip !== to.chip) return 'betweenChips'
  if (from.core === to.core) return 'inCore'
  const isOneTile = Math.floor(from.core / chip.coresPerTile) === Math.floor(to.core / chip.coresPerTile)
  return isOneTile ? 'inTile' : 'betweenTiles'
}
