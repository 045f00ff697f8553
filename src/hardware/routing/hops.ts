import type { HexagonalVector } from './hexagonal-vector.js'
import type { Link } from './link.js'

/** How many links of each kind; those between chips count as `chip` whichever way they go, those of a crossbar too. */
export interface HopCounts {
  readonly east: number
  readonly west: number
  readonly north: number
  readonly south: number
  readonly diagonal: number
  readonly chip: number
}

export type MutableHops = { -readonly [Name in keyof HopCounts]: HopCounts[Name] }

export function noHops(): MutableHops {
  return { east: 0, west: 0, north: 0, south: 0, diagonal: 0, chip: 0 }
}

export function addHops(into: MutableHops, hops: HopCounts, times = 1): void {
  into.east += times * hops.east
  into.west += times * hops.west
  into.north += times * hops.north
  into.south += times * hops.south
  into.diagonal += times * hops.diagonal
  into.chip += times * hops.chip
}

/** Links along each axis, in the direction of its sign. */
export function hopsAlong({ x, y, diagonal }: HexagonalVector): MutableHops {
  return {
    east: Math.max(x, 0),
    west: Math.max(-x, 0),
    north: Math.max(y, 0),
    south: Math.max(-y, 0),
    diagonal: Math.abs(diagonal),
    chip: 0,
  }
}

export function countHops(links: Iterable<Link>): HopCounts {
  const counts = noHops()
  for (const { direction, level } of links)
    counts[level === 'betweenChips' || direction === 'across' ? 'chip' : direction]++
  return counts
}

/** All links together; a link between chips counts as `crossing` links. */
export function hopLength({ east, west, north, south, diagonal, chip }: HopCounts, crossing: number): number {
  return east + west + north + south + diagonal + crossing * chip
}
