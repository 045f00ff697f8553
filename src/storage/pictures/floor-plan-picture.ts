import { percent } from '../../hardware/fit/percent.js'
import { label } from './label.js'
import { picture, TITLE_HEIGHT } from './picture.js'
import { element, type Markup, pixels } from './svg.js'
import { THEME } from './theme.js'

/** A core in use. */
export interface FloorCore {
  /** Its tile, counted over all chips: from west, from south. */
  readonly x: number
  readonly y: number
  /** Its place in the tile. */
  readonly slot: number
  /** What it holds, a line each. */
  readonly holds: readonly string[]
  /** The resource of which it uses the largest share, and that share; null where no limit is known. */
  readonly tightest: { readonly resource: string; readonly share: number } | null
}

/** A link that packets pass, to the neighbour in that direction. */
export interface FloorLink {
  readonly x: number
  readonly y: number
  readonly towards: 'east' | 'north' | 'northeast'
  /** Its busiest window as a share of the busiest of all links. */
  readonly share: number
}

export interface FloorPlanOptions {
  readonly title: string
  readonly subtitle: string
  /** Tiles of a chip, cores of a tile, chips beside each other. */
  readonly tiles: { readonly columns: number; readonly rows: number; readonly cores: number }
  readonly chips: { readonly columns: number; readonly rows: number }
  readonly cores: readonly FloorCore[]
  readonly links: readonly FloorLink[]
}

/** Width of the floor plan, and the bounds of a tile, in px. */
const WIDTH = 880
const TILE = { least: 3, most: 132 }
/** Between tiles, and between chips, as shares of a tile. */
const LANE = 0.18
const GAP = 0.5
/** A core must be so large, in px, to bear text. */
const WRITTEN = 52
const HUES = [THEME.blue, THEME.orange, THEME.green, THEME.purple, THEME.vermilion, THEME.slate]

/** Where things are, in px. */
interface FloorPlan {
  readonly tile: number
  left(x: number): number
  /** North is up. */
  top(y: number): number
  readonly height: number
}

/**
 * The cores of chips from above: chips boxed, cores filled by the share of the resource that limits them, in its colour, and
 * links as thick as their busiest window is busy. Names stand in the cores where there is room for them.
 */
export function floorPlanPicture({ title, subtitle, tiles, chips, cores, links }: FloorPlanOptions): string {
  const floorPlan = floorPlanOf(tiles, chips)
  const resources = [...new Set(cores.flatMap(({ tightest }) => tightest?.resource ?? []))].sort()
  const hueOf = (resource: string) => HUES[resources.indexOf(resource) % HUES.length] ?? THEME.slate
  const side = sideOf(tiles.cores)
  return picture(
    { width: WIDTH, height: TITLE_HEIGHT + floorPlan.height + 40, title, subtitle },
    ...chipBoxes(tiles, chips, floorPlan),
    tileOutlines(tiles, chips, floorPlan),
    ...links.map((link) => drawLink(link, floorPlan)),
    ...cores.flatMap((core) => drawCore(core, side, floorPlan, hueOf)),
    ...key(resources, hueOf, TITLE_HEIGHT + floorPlan.height + 22),
  )
}

function floorPlanOf(tiles: FloorPlanOptions['tiles'], chips: FloorPlanOptions['chips']): FloorPlan {
  const columns = tiles.columns * chips.columns
  const rows = tiles.rows * chips.rows
  const units = columns * (1 + LANE) + chips.columns * GAP
  const tile = Math.max(TILE.least, Math.min(TILE.most, (WIDTH - 48) / units))
  const place = (index: number, perChip: number) => tile * (index * (1 + LANE) + Math.floor(index / perChip) * GAP)
  return {
    tile,
    left: (x) => 24 + tile * (GAP / 2 + LANE / 2) + place(x, tiles.columns),
    top: (y) => TITLE_HEIGHT + tile * (GAP / 2 + LANE / 2) + place(rows - 1 - y, tiles.rows),
    height: tile * (rows * (1 + LANE) + chips.rows * GAP),
  }
}

/** Cores of a tile in a square. */
function sideOf(cores: number): number {
  return Math.ceil(Math.sqrt(cores))
}

function chipBoxes(
  { columns, rows }: FloorPlanOptions['tiles'],
  chips: FloorPlanOptions['chips'],
  { tile, left, top }: FloorPlan,
): readonly Markup[] {
  const pad = tile * (LANE / 2 + GAP / 4)
  return Array.from({ length: chips.columns * chips.rows }, (_, chip) => {
    const west = (chip % chips.columns) * columns
    const north = (Math.floor(chip / chips.columns) + 1) * rows - 1
    const [x, y] = [left(west) - pad, top(north) - pad]
    const width = left(west + columns - 1) + tile + pad - x
    const height = top(north - rows + 1) + tile + pad - y
    return element('rect', { x, y, width, height, rx: 4, fill: THEME.panel, stroke: THEME.muted })
  })
}

function tileOutlines(
  { columns, rows }: FloorPlanOptions['tiles'],
  chips: FloorPlanOptions['chips'],
  { tile, left, top }: FloorPlan,
): Markup {
  const across = Array.from({ length: columns * chips.columns }, (_, x) => left(x))
  const down = Array.from({ length: rows * chips.rows }, (_, y) => top(y))
  const side = pixels(tile)
  const boxes = across.flatMap((x) => down.map((y) => `M${pixels(x)} ${pixels(y)}h${side}v${side}h-${side}z`))
  return element('path', { d: boxes.join(''), fill: 'none', stroke: THEME.grid })
}

function drawLink({ x, y, towards, share }: FloorLink, { tile, left, top }: FloorPlan): Markup {
  const [dx, dy] = { east: [1, 0], north: [0, 1], northeast: [1, 1] }[towards] as [number, number]
  const half = tile / 2
  const line = { x1: left(x) + half, y1: top(y) + half, x2: left(x + dx) + half, y2: top(y + dy) + half }
  const width = Math.max(0.5, share * tile * 0.3)
  return element('line', { ...line, stroke: THEME.vermilion, 'stroke-width': width, 'stroke-opacity': 0.55 })
}

function drawCore(
  { x, y, slot, holds, tightest }: FloorCore,
  side: number,
  { tile, left, top }: FloorPlan,
  hueOf: (resource: string) => string,
): readonly Markup[] {
  const size = tile / side
  const at = { x: left(x) + (slot % side) * size, y: top(y) + Math.floor(slot / side) * size }
  const share = tightest === null ? 0 : Math.min(1, tightest.share)
  const inset = Math.min(2, size * 0.08)
  const box = { x: at.x + inset, y: at.y + inset, width: size - 2 * inset, height: size - 2 * inset, rx: inset }
  const told = [...holds, tightest === null ? 'no limit known' : `${tightest.resource} ${percent(tightest.share)}`]
  const fill = tightest === null ? THEME.grid : hueOf(tightest.resource)
  const drawn = element(
    'g',
    {},
    element('title', {}, told.join('\n')),
    element('rect', { ...box, fill: THEME.panel, stroke: THEME.area }),
    element('rect', { ...box, fill, 'fill-opacity': 0.15 + 0.75 * share }),
  )
  if (size < WRITTEN) return [drawn]
  const lines = told.slice(0, Math.floor((size - 8) / 13))
  const written = lines.map((line, k) => {
    const most = Math.floor((size - 8) / 6)
    const text = line.length > most ? `${line.slice(0, most - 1)}…` : line
    return label(text, { x: at.x + size / 2, y: at.y + 17 + 13 * k, anchor: 'middle', size: 10.5 })
  })
  return [drawn, ...written]
}

/** Below the floor plan: what the colours stand for. */
function key(resources: readonly string[], hueOf: (resource: string) => string, y: number): readonly Markup[] {
  let x = 24
  return resources.flatMap((resource) => {
    const from = x
    const text = `limited by ${resource}`
    x += 30 + 6.6 * text.length
    const box = { x: from, y: y - 10, width: 12, height: 12, fill: hueOf(resource), rx: 2 }
    return [element('rect', box), label(text, { x: from + 18, y })]
  })
}
