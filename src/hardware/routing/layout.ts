import type { ChipProfile, DeadLink } from '../profile/chip-profile.js'
import type { Grid, Position } from './grid.js'

/** All of a profile that a route depends on. */
export interface RoutedChips {
  readonly chip: Grid & Pick<ChipProfile['chip'], 'coresPerTile' | 'tileOrder'>
  readonly chips: Grid
  readonly routing: Pick<ChipProfile['routing'], 'order' | 'multicast'>
  readonly deadLinks: readonly DeadLink[]
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

/** The number of the tile at a place of its chip. */
export function tileAt({ chip }: Pick<RoutedChips, 'chip'>, { x, y }: Position): number {
  return chip.tileOrder === 'row-major' ? y * chip.columns + x : x * chip.rows + y
}

export function levelBetween({ chip }: Pick<RoutedChips, 'chip'>, from: CorePlace, to: CorePlace): Level {
  if (from.chip !== to.chip) return 'betweenChips'
  if (from.core === to.core) return 'inCore'
  const isOneTile = Math.floor(from.core / chip.coresPerTile) === Math.floor(to.core / chip.coresPerTile)
  return isOneTile ? 'inTile' : 'betweenTiles'
}
