import { many, percent } from '../../hardware/fit/percent.js'
import { type FloorArea, type FloorGrid, shownArea } from './floor-area.js'
import { label } from './label.js'
import { picture, TITLE_HEIGHT } from './picture.js'
import { element, type Markup, pixels } from './svg.js'
import { swatches } from './swatches.js'
import { THEME } from './theme.js'

/** A core in use. */
export interface FloorCore {
  /** Its tile, counted over all chips: from west, from south. */
  readonly x: number
  readonly y: number
  /** Its place in the tile. */
  readonly slot: number
  /** The layers of which it holds a part, each once. */
  readonly layers: readonly string[]
  /** What it holds of them, a line each. */
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

export interface FloorPlanOptions extends FloorGrid {
  readonly title: string
  readonly subtitle: string
  readonly cores: readonly FloorCore[]
  readonly links: readonly FloorLink[]
}

/** Width of the floor plan, and the bounds of a tile, in px. */
const WIDTH = 880
const TILE = { least: 3, most: 208 }
/** Between tiles, and between chips, as shares of a tile. */
const LANE = 0.18
const GAP = 0.5
/** A core must be so large, in px, to bear text. */
const WRITTEN = 52
const HUES = [THEME.blue, THEME.orange, THEME.green, THEME.purple, THEME.vermilion, THEME.slate]
/** How strongly an empty and a full core are filled, and one of which no limit is known. */
const FILL = { empty: 0.15, full: 0.9, unknown: 0.5 }

/** Where things are, in px. */
interface FloorPlan {
  readonly tile: number
  left(x: number): number
  /** North is up. */
  top(y: number): number
  readonly height: number
}

/**
 * The cores of chips from above, as far as they are in use: chips boxed, dashed where the plan shows a part of them; cores
 * filled in the colours of the layers that they hold, the stronger the more they use of what limits them; and links as thick
 * as their busiest window is busy. Names stand in the cores where there is room for them, and below.
 */
export function floorPlanPicture(options: FloorPlanOptions): string {
  const { title, subtitle, tiles, chips, cores, links } = options
  const area = shownArea(options, [...cores, ...links, ...links.map(endOf)])
  const floorPlan = floorPlanOf(area, { tiles, chips })
  const layers = [...new Set(cores.flatMap((core) => core.layers))]
  const hueOf = (layer: string) => HUES[layers.indexOf(layer) % HUES.length] ?? THEME.slate
  const side = sideOf(tiles.cores)
  const key = keyOf({ layers, hueOf, cores, area }, TITLE_HEIGHT + floorPlan.height + 22)
  return picture(
    { width: WIDTH, height: key.bottom + 14, title, subtitle },
    ...chipBoxes({ tiles, chips }, area, floorPlan),
    tileOutlines(area, floorPlan),
    ...links.map((link) => drawLink(link, floorPlan)),
    ...cores.flatMap((core) => drawCore(core, side, floorPlan, hueOf)),
    ...key.markup,
  )
}

function floorPlanOf({ west, east, south, north }: FloorArea, { tiles }: FloorGrid): FloorPlan {
  const gaps = (from: number, to: number, perChip: number) => Math.floor(to / perChip) - Math.floor(from / perChip)
  const room = (from: number, to: number, perChip: number) =>
    (to - from + 1) * (1 + LANE) + (gaps(from, to, perChip) + 1) * GAP
  const tile = Math.max(TILE.least, Math.min(TILE.most, (WIDTH - 48) / room(west, east, tiles.columns)))
  const place = (from: number, to: number, perChip: number) =>
    tile * ((to - from) * (1 + LANE) + gaps(from, to, perChip) * GAP)
  return {
    tile,
    left: (x) => 24 + tile * (GAP / 2 + LANE / 2) + place(west, x, tiles.columns),
    top: (y) => TITLE_HEIGHT + tile * (GAP / 2 + LANE / 2) + place(y, north, tiles.rows),
    height: tile * room(south, north, tiles.rows),
  }
}

/** Cores of a tile in a square. */
function sideOf(cores: number): number {
  return Math.ceil(Math.sqrt(cores))
}

/** The chips of which a tile is shown. */
function chipBoxes(
  { tiles: { columns, rows }, chips }: FloorGrid,
  area: FloorArea,
  { tile, left, top }: FloorPlan,
): readonly Markup[] {
  const pad = tile * (LANE / 2 + GAP / 4)
  return Array.from({ length: chips.columns * chips.rows }, (_, chip) => chip).flatMap((chip) => {
    const [fromX, fromY] = [(chip % chips.columns) * columns, Math.floor(chip / chips.columns) * rows]
    const [west, east] = [Math.max(area.west, fromX), Math.min(area.east, fromX + columns - 1)]
    const [south, north] = [Math.max(area.south, fromY), Math.min(area.north, fromY + rows - 1)]
    if (west > east || south > north) return []
    const isWhole = east - west + 1 === columns && north - south + 1 === rows
    const [x, y] = [left(west) - pad, top(north) - pad]
    const width = left(east) + tile + pad - x
    const height = top(south) + tile + pad - y
    const dashes = isWhole ? {} : { 'stroke-dasharray': '6 4' }
    return [element('rect', { x, y, width, height, rx: 4, fill: THEME.panel, stroke: THEME.muted, ...dashes })]
  })
}

function tileOutlines({ west, east, south, north }: FloorArea, { tile, left, top }: FloorPlan): Markup {
  const across = Array.from({ length: east - west + 1 }, (_, k) => left(west + k))
  const down = Array.from({ length: north - south + 1 }, (_, k) => top(south + k))
  const side = pixels(tile)
  const boxes = across.flatMap((x) => down.map((y) => `M${pixels(x)} ${pixels(y)}h${side}v${side}h-${side}z`))
  return element('path', { d: boxes.join(''), fill: 'none', stroke: THEME.grid })
}

/** The tile that a link leads to. */
function endOf({ x, y, towards }: FloorLink): { readonly x: number; readonly y: number } {
  const [dx, dy] = { east: [1, 0], north: [0, 1], northeast: [1, 1] }[towards] as [number, number]
  return { x: x + dx, y: y + dy }
}

function drawLink(link: FloorLink, { tile, left, top }: FloorPlan): Markup {
  const half = tile / 2
  const end = endOf(link)
  const line = { x1: left(link.x) + half, y1: top(link.y) + half, x2: left(end.x) + half, y2: top(end.y) + half }
  const width = Math.max(0.5, link.share * tile * 0.3)
  return element('line', { ...line, stroke: THEME.vermilion, 'stroke-width': width, 'stroke-opacity': 0.55 })
}

function drawCore(
  { x, y, slot, layers, holds, tightest }: FloorCore,
  side: number,
  { tile, left, top }: FloorPlan,
  hueOf: (layer: string) => string,
): readonly Markup[] {
  const size = tile / side
  const at = { x: left(x) + (slot % side) * size, y: top(y) + Math.floor(slot / side) * size }
  const inset = Math.min(2, size * 0.08)
  const box = { x: at.x + inset, y: at.y + inset, width: size - 2 * inset, height: size - 2 * inset }
  const words = [...holds, tightest === null ? 'no limit known' : `${tightest.resource} ${percent(tightest.share)}`]
  const opacity = tightest === null ? FILL.unknown : FILL.empty + (FILL.full - FILL.empty) * Math.min(1, tightest.share)
  const hues = layers.length === 0 ? [THEME.grid] : layers.map(hueOf)
  const stripe = box.width / hues.length
  const drawn = element(
    'g',
    {},
    element('title', {}, words.join('\n')),
    element('rect', { ...box, rx: inset, fill: THEME.panel, stroke: THEME.area }),
    ...hues.map((fill, k) =>
      element('rect', { ...box, x: box.x + k * stripe, width: stripe, fill, 'fill-opacity': opacity }),
    ),
  )
  if (size < WRITTEN) return [drawn]
  const lines = words.slice(0, Math.floor((size - 8) / 13))
  const written = lines.map((line, k) => {
    const most = Math.floor((size - 4) / 5.7)
    const text = line.length > most ? `${line.slice(0, most - 1)}…` : line
    return label(text, { x: at.x + size / 2, y: at.y + 17 + 13 * k, anchor: 'middle', size: 10.5 })
  })
  return [drawn, ...written]
}

interface KeyOptions {
  readonly layers: readonly string[]
  readonly hueOf: (layer: string) => string
  readonly cores: readonly FloorCore[]
  readonly area: FloorArea
}

/** Below the floor plan: which colour is which layer, on how many cores; what limits them; what is left out. */
function keyOf({ layers, hueOf, cores, area }: KeyOptions, top: number) {
  const coresOf = (layer: string) => cores.filter((core) => core.layers.includes(layer)).length
  const named = layers.map((layer) => ({ text: `${layer}: ${many(coresOf(layer), 'core')}`, fill: hueOf(layer) }))
  const key = swatches({ left: 24, top, right: WIDTH - 24 }, named)
  const resources = [...new Set(cores.flatMap(({ tightest }) => tightest?.resource ?? []))].sort()
  const limits = resources.map((resource) => {
    const limited = cores.filter(({ tightest }) => tightest?.resource === resource)
    return `limited by ${resource}: ${many(limited.length, 'core')}`
  })
  const left = area.leftOut === null ? [] : [area.leftOut]
  const lines = [...(limits.length === 0 ? [] : [limits.join(', ')]), ...left]
  const written = lines.map((line, k) => label(line, { x: 24, y: key.bottom + 14 + 18 * k, colour: THEME.muted }))
  return { markup: [key.markup, ...written], bottom: key.bottom + 18 * lines.length }
}
