/** Tiles of a chip, cores of a tile, chips beside each other. */
export interface FloorGrid {
  readonly tiles: { readonly columns: number; readonly rows: number; readonly cores: number }
  readonly chips: { readonly columns: number; readonly rows: number }
}

/** The tiles that a floor plan shows, counted over all chips; both ends are shown. */
export interface FloorArea {
  readonly west: number
  readonly east: number
  readonly south: number
  readonly north: number
  /** What is not shown, in words; null if all is. */
  readonly leftOut: string | null
}

interface Tile {
  readonly x: number
  readonly y: number
}

/** The smallest rectangle that holds all tiles in use; the whole grid if there are none. */
export function shownArea({ tiles, chips }: FloorGrid, used: readonly Tile[]): FloorArea {
  const [columns, rows] = [tiles.columns * chips.columns, tiles.rows * chips.rows]
  if (used.length === 0) return { west: 0, east: columns - 1, south: 0, north: rows - 1, leftOut: null }
  const [west, east] = ends(
    used.map(({ x }) => x),
    columns,
  )
  const [south, north] = ends(
    used.map(({ y }) => y),
    rows,
  )
  const shown = { west, east, south, north }
  const count = (east - west + 1) * (north - south + 1)
  if (count === columns * rows) return { ...shown, leftOut: null }
  const where = `columns ${west} to ${east} from the west, rows ${south} to ${north} from the south`
  return { ...shown, leftOut: `${count} of ${columns * rows} tiles are shown (${where}); the others are empty` }
}

/** The least and the greatest of some numbers, below a count. */
function ends(values: readonly number[], count: number): readonly [least: number, greatest: number] {
  let [least, greatest] = [count - 1, 0]
  for (const value of values) {
    least = Math.min(least, value)
    greatest = Math.max(greatest, value)
  }
  return [least, Math.min(greatest, count - 1)]
}
