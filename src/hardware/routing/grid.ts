import type { ChipRouting, Topology } from '../profile/chip-profile.js'
import { type HexagonalVector, hexagonalVector } from './hexagonal-vector.js'
import { hopLength, hopsAlong, type MutableHops, noHops } from './hops.js'
import type { Direction } from './link.js'

/**
 * Places that are joined. A mesh has links to the east, west, north and south; a torus joins its borders, too; a hexagonal
 * torus has links along the diagonal (+1, +1) besides; in a crossbar everything is one link from everything.
 */
export interface Grid {
  readonly topology: Topology
  /** Columns run east, rows run north, both from 0. */
  readonly columns: number
  readonly rows: number
}

/** Which axis comes first: x, or the one in which the way is longest. */
export type RouteOrder = ChipRouting['order']

export interface Position {
  readonly x: number
  readonly y: number
}

/** One link further. */
export interface Step {
  readonly direction: Direction
  readonly to: Position
}

/** Moves along one axis: how often, and which way one of them goes. */
interface Move {
  readonly count: number
  readonly dx: number
  readonly dy: number
}

/**
 * The links from one place to another, in their order.
 *
 *     xy:             along x, then along y, then along the diagonal
 *     longestFirst:   along the axis with most links first, of equal ones x before y before the diagonal
 *
 * On a torus the shorter way round is taken, of two equal ones east or north; on a hexagonal torus `hexagonalVector`. In a
 * crossbar there is one link. The route follows from the offset alone, and all routes of one source together are a tree.
 */
export function gridSteps(grid: Grid, order: RouteOrder, from: Position, to: Position): readonly Step[] {
  if (grid.topology === 'crossbar') return from.x === to.x && from.y === to.y ? [] : [{ direction: 'across', to }]
  const steps: Step[] = []
  let at = from
  const { x, y, diagonal } = offsetBetween(grid, from, to)
  const moves = [moveOf(x, 1, 0), moveOf(y, 0, 1), moveOf(diagonal, 1, 1)]
  // The sort is stable, which breaks the ties.
  if (order === 'longestFirst') moves.sort((a, b) => b.count - a.count)
  for (const { count, dx, dy } of moves) {
    for (let k = 0; k < count; k++) {
      at = { x: modulo(at.x + dx, grid.columns), y: modulo(at.y + dy, grid.rows) }
      steps.push({ direction: directionOf(dx, dy), to: at })
    }
  }
  return steps
}

/** The links between two places, by their kind: those of their route. */
export function gridHops(grid: Grid, from: Position, to: Position): MutableHops {
  if (grid.topology === 'crossbar') return { ...noHops(), chip: Number(from.x !== to.x || from.y !== to.y) }
  return hopsAlong(offsetBetween(grid, from, to))
}

/** How many links there are between two places: the length of their route. */
export function gridDistance(grid: Grid, from: Position, to: Position): number {
  return hopLength(gridHops(grid, from, to), 1)
}

/** Links along each axis; negative ones go west, south, or along the diagonal (-1, -1). */
export function offsetBetween(grid: Grid, from: Position, to: Position): HexagonalVector {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  if (grid.topology === 'hexagonalTorus') return hexagonalVector(dx, dy, grid)
  if (grid.topology === 'torus') return { x: shorter(dx, grid.columns), y: shorter(dy, grid.rows), diagonal: 0 }
  return { x: dx, y: dy, diagonal: 0 }
}

/** Every link of a place, in the order of the directions; those along the diagonal last. */
export function gridNeighbours(grid: Grid, from: Position): readonly Step[] {
  const { topology, columns, rows } = grid
  if (topology === 'crossbar') {
    return Array.from({ length: columns * rows }, (_, k): Step => {
      return { direction: 'across', to: { x: k % columns, y: Math.floor(k / columns) } }
    }).filter(({ to }) => to.x !== from.x || to.y !== from.y)
  }
  const ways = topology === 'hexagonalTorus' ? [...STRAIGHT, ...DIAGONAL] : STRAIGHT
  const met = new Set([from.y * columns + from.x])
  return ways.flatMap(([dx, dy]): readonly Step[] => {
    const [x, y] = [from.x + dx, from.y + dy]
    const isInside = x >= 0 && x < columns && y >= 0 && y < rows
    if (topology === 'mesh' && !isInside) return []
    const to = { x: modulo(x, columns), y: modulo(y, rows) }
    const index = to.y * columns + to.x
    if (met.has(index)) return []
    met.add(index)
    return [{ direction: directionOf(dx, dy), to }]
  })
}

const STRAIGHT = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const

const DIAGONAL = [
  [1, 1],
  [-1, -1],
] as const

function moveOf(length: number, dx: number, dy: number): Move {
  const sign = Math.sign(length)
  return { count: Math.abs(length), dx: sign * dx, dy: sign * dy }
}

/** The offset on a ring that is shorter; of two equal ones the positive. */
function shorter(offset: number, size: number): number {
  const forward = modulo(offset, size)
  return 2 * forward <= size ? forward : forward - size
}

function modulo(value: number, size: number): number {
  return ((value % size) + size) % size
}

function directionOf(dx: number, dy: number): Direction {
  if (dx !== 0 && dy !== 0) return 'diagonal'
  if (dx !== 0) return dx > 0 ? 'east' : 'west'
  return dy > 0 ? 'north' : 'south'
}
