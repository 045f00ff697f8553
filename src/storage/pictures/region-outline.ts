import { pixels } from './svg.js'

/** A square grid of cells; cell (column, row) covers [column, column + 1) x [row, row + 1). */
export interface Region {
  readonly resolution: number
  readonly contains: (column: number, row: number) => boolean
}

/**
 * The outline of the cells of a region as an SVG path in grid coordinates, its corners rounded off.
 *
 * Marching squares over the cells' centres; a boundary passes halfway between two centres. Where two cells of the
 * region touch at a corner only, they stay apart.
 */
export function regionOutline(region: Region): string {
  return loops(boundary(region), region.resolution).map(smooth).map(closedPath).join('')
}

/**
 * The boundary as directed steps between points of the half-step lattice, the region on one side throughout.
 *
 * Every boundary point has exactly one successor.
 */
function boundary({ resolution, contains }: Region): Map<number, number> {
  const inside = (column: number, row: number) =>
    column >= 0 && row >= 0 && column < resolution && row < resolution && contains(column, row)
  const next = new Map<number, number>()
  for (let row = -1; row < resolution; row++) {
    for (let column = -1; column < resolution; column++) {
      const corners = CORNERS.map(([dx, dy]) => inside(column + dx, row + dy))
      const sides = SIDES.map(([dx, dy]) => pointKey(column * 2 + dx, row * 2 + dy, resolution))
      for (const [enter, leave] of crossings(corners)) next.set(sides[enter] as number, sides[leave] as number)
    }
  }
  return next
}

/** The four cells around a lattice corner, in a circle, and the points halfway between each and its successor. */
const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const
const SIDES = [
  [2, 1],
  [3, 2],
  [2, 3],
  [1, 2],
] as const

/** Every run of inside corners is cut off by one step, from the side where it ends to the side before it begins. */
function crossings(corners: readonly boolean[]): [number, number][] {
  const steps: [number, number][] = []
  for (let begin = 0; begin < 4; begin++) {
    const before = (begin + 3) % 4
    if (!corners[begin] || corners[before]) continue
    let end = begin
    while (corners[(end + 1) % 4]) end = (end + 1) % 4
    steps.push([end, before])
  }
  return steps
}

function pointKey(x: number, y: number, resolution: number): number {
  return (y + 2) * (2 * resolution + 4) + (x + 2)
}

interface Vertex {
  readonly x: number
  readonly y: number
}

function loops(next: Map<number, number>, resolution: number): Vertex[][] {
  const stride = 2 * resolution + 4
  const found: Vertex[][] = []
  for (const start of next.keys()) {
    const loop: Vertex[] = []
    for (let key: number | undefined = start; key !== undefined; ) {
      const following = next.get(key)
      next.delete(key)
      if (following !== undefined) loop.push({ x: (key % stride) / 2 - 1, y: Math.floor(key / stride) / 2 - 1 })
      key = following
    }
    found.push(loop)
  }
  return found
}

const SMOOTHING_ROUNDS = 3

/** Weights 1, 2, 1 along the loop, which moves no point by more than half a cell. */
function smooth(loop: readonly Vertex[]): readonly Vertex[] {
  let current = loop
  for (let round = 0; round < SMOOTHING_ROUNDS; round++) {
    const source = current
    current = source.map(({ x, y }, index) => {
      const before = source.at(index - 1) ?? { x, y }
      const after = source[(index + 1) % source.length] ?? { x, y }
      return { x: (before.x + 2 * x + after.x) / 4, y: (before.y + 2 * y + after.y) / 4 }
    })
  }
  return current
}

function closedPath(loop: readonly Vertex[]): string {
  return loop
    .map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${pixels(x)} ${pixels(y)}`)
    .concat('Z')
    .join('')
}
