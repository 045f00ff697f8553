import { type Grid, gridDistance, gridHops, gridNeighbours, gridSteps, offsetBetween, type Position } from './grid.js'
import { addHops, type HopCounts, hopsAlong, noHops } from './hops.js'
import { type CorePlace, type RoutedChips, tileOf } from './layout.js'
import type { Link } from './link.js'

/** The routers of all chips and the links between them, none of them dead. */
export interface Fabric {
  /** Of routers, over all chips: router k lies in column k mod columns of row floor(k / columns). */
  readonly columns: number
  readonly rows: number
  routerOf(place: CorePlace): number
  /** The links of the route between two routers, in their order. */
  route(from: number, to: number): readonly Link[]
  /** How many links that are: as many there and back, though on a ring of chips not always across as many borders. */
  hops(from: number, to: number): HopCounts
  /** The links that leave a router. */
  neighbours(router: number): readonly Link[]
}

type Joined = Pick<RoutedChips, 'chip' | 'chips' | 'routing'>

/**
 * How the chips of a layout are joined.
 *
 * - One chip, or meshes side by side: one grid of tiles over all chips, whose links across a border lead to another chip;
 *   chips on a torus close that grid at its borders.
 * - A crossbar inside a chip has no links: a chip is one router, and the grid is that of the chips.
 * - Else chips are joined by the routers of their tiles (0, 0), through which whatever leaves or enters a chip goes.
 */
export function createFabric(layout: Joined): Fabric {
  const { chip, chips } = layout
  if (chip.topology === 'crossbar' || chip.columns * chip.rows === 1) return fabricOfChips(layout)
  if (chips.columns * chips.rows === 1) return fabricOfTiles(layout, chip.topology)
  const goesOn = chip.topology === 'mesh' && (chips.topology === 'mesh' || chips.topology === 'torus')
  return goesOn ? fabricOfTiles(layout, chips.topology) : fabricOfGates(layout)
}

function fabricOfChips({ chips, routing }: Joined): Fabric {
  const linksAlong = createLinks(chips.columns, () => 'betweenChips')
  return {
    columns: chips.columns,
    rows: chips.rows,
    routerOf: ({ chip }) => chip,
    route: (from, to) => {
      return linksAlong(from, gridSteps(chips, routing.order, positionOf(from, chips), positionOf(to, chips)))
    },
    hops: (from, to) => ({ ...noHops(), chip: gridDistance(chips, positionOf(from, chips), positionOf(to, chips)) }),
    neighbours: (router) => {
      const steps = gridNeighbours(chips, positionOf(router, chips))
      return steps.flatMap((step) => linksAlong(router, [step]))
    },
  }
}

function fabricOfTiles(layout: Joined, topology: Grid['topology']): Fabric {
  const { chip, chips, routing } = layout
  const grid = { topology, ...sizeOf(layout) }
  const linksAlong = createLinks(grid.columns, (a, b) => (areOnOneChip(chip, a, b) ? 'betweenTiles' : 'betweenChips'))
  return {
    ...sizeOf(layout),
    routerOf: (place) => indexOf(globalTile(layout, place), grid),
    route: (from, to) => linksAlong(from, gridSteps(grid, routing.order, positionOf(from, grid), positionOf(to, grid))),
    hops: (a, b) => {
      const [from, to] = [positionOf(a, grid), positionOf(b, grid)]
      const offset = offsetBetween(grid, from, to)
      const hops = hopsAlong(offset)
      const across = chips.columns === 1 ? 0 : bordersOn(from.x, offset.x, chip.columns)
      const along = chips.rows === 1 ? 0 : bordersOn(from.y, offset.y, chip.rows)
      hops[offset.x > 0 ? 'east' : 'west'] -= across
      hops[offset.y > 0 ? 'north' : 'south'] -= along
      return { ...hops, chip: across + along }
    },
    neighbours: (router) => {
      return gridNeighbours(grid, positionOf(router, grid)).flatMap((step) => linksAlong(router, [step]))
    },
  }
}

function fabricOfGates(layout: Joined): Fabric {
  const { chip, chips, routing } = layout
  const size = sizeOf(layout)
  const chipOf = ({ x, y }: Position) => ({ x: Math.floor(x / chip.columns), y: Math.floor(y / chip.rows) })
  const gateOf = (position: Position) => ({ x: position.x * chip.columns, y: position.y * chip.rows })
  const inside = (position: Position) => ({ x: position.x % chip.columns, y: position.y % chip.rows })
  const linksOf = createLinks(size.columns, () => 'betweenTiles')
  const linksAcross = createLinks(size.columns, () => 'betweenChips')
  const within = (from: Position, to: Position) => {
    const { x, y } = gateOf(chipOf(from))
    const steps = gridSteps(chip, routing.order, inside(from), inside(to))
    const moved = steps.map(({ direction, to }) => ({ direction, to: { x: x + to.x, y: y + to.y } }))
    return linksOf(indexOf(from, size), moved)
  }
  const between = (gate: Position, steps: ReturnType<typeof gridSteps>) => {
    return linksAcross(
      indexOf(gate, size),
      steps.map(({ direction, to }) => ({ direction, to: gateOf(to) })),
    )
  }
  return {
    ...size,
    routerOf: (place) => indexOf(globalTile(layout, place), size),
    route: (a, b) => {
      const [from, to] = [positionOf(a, size), positionOf(b, size)]
      const [first, last] = [chipOf(from), chipOf(to)]
      const steps = gridSteps(chips, routing.order, first, last)
      if (steps.length === 0) return within(from, to)
      const [out, into] = [gateOf(first), gateOf(last)]
      return [...within(from, out), ...between(out, steps), ...within(into, to)]
    },
    hops: (a, b) => {
      const [from, to] = [positionOf(a, size), positionOf(b, size)]
      const between = gridDistance(chips, chipOf(from), chipOf(to))
      if (between === 0) return gridHops(chip, inside(from), inside(to))
      const hops = gridHops(chip, inside(from), GATE)
      addHops(hops, gridHops(chip, GATE, inside(to)))
      return { ...hops, chip: between }
    },
    neighbours: (router) => {
      const from = positionOf(router, size)
      const { x, y } = gateOf(chipOf(from))
      const own = gridNeighbours(chip, inside(from)).flatMap(({ to }) => within(from, { x: x + to.x, y: y + to.y }))
      if (indexOf({ x, y }, size) !== router) return own
      return [...own, ...gridNeighbours(chips, chipOf(from)).flatMap((step) => between(from, [step]))]
    },
  }
}

/** The tile of a chip that is joined to other chips. */
const GATE = { x: 0, y: 0 }

/** How many borders between chips lie on the way along one axis, on a ring or not. */
function bordersOn(from: number, offset: number, size: number): number {
  return Math.abs(Math.floor((from + offset) / size) - Math.floor(from / size))
}

function createLinks(
  columns: number,
  levelOf: (from: Position, to: Position) => Link['level'],
): (from: number, steps: ReturnType<typeof gridSteps>) => readonly Link[] {
  return (start, steps) => {
    let from = start
    return steps.map(({ direction, to }): Link => {
      const link = {
        from,
        to: to.y * columns + to.x,
        direction,
        level: levelOf({ x: from % columns, y: Math.floor(from / columns) }, to),
      }
      from = link.to
      return link
    })
  }
}

function areOnOneChip(chip: Grid, a: Position, b: Position): boolean {
  const isOneColumn = Math.floor(a.x / chip.columns) === Math.floor(b.x / chip.columns)
  return isOneColumn && Math.floor(a.y / chip.rows) === Math.floor(b.y / chip.rows)
}

/** The tile of a core, counted over all chips. */
function globalTile(layout: Joined, { chip, core }: CorePlace): Position {
  const { x, y } = tileOf(layout, core)
  const at = positionOf(chip, layout.chips)
  return { x: at.x * layout.chip.columns + x, y: at.y * layout.chip.rows + y }
}

type Size = Pick<Grid, 'columns' | 'rows'>

function sizeOf({ chip, chips }: Joined): Size {
  return { columns: chips.columns * chip.columns, rows: chips.rows * chip.rows }
}

function positionOf(index: number, { columns }: Size): Position {
  return { x: index % columns, y: Math.floor(index / columns) }
}

function indexOf({ x, y }: Position, { columns }: Size): number {
  return y * columns + x
}
