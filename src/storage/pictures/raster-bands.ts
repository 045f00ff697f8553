import { acrossOf, type PlotArea, panel, upwardOf } from './axes.js'
import { label } from './label.js'
import { linearScale, type Scale, type Span } from './scale.js'
import { element, type Markup, pixels } from './svg.js'
import { THEME } from './theme.js'

/** The spikes of one group in one trial. */
export interface RasterGroup {
  readonly name: string
  readonly size: number
  /** In ms, one per spike. */
  readonly times: ArrayLike<number>
  readonly units: ArrayLike<number>
  /** The units that are shown, from bottom to top; default: all of them. */
  readonly shown?: readonly number[]
  readonly colour?: string
}

/** Where bands are put: under each other from `top`, in a picture of some width, in px. */
export interface RasterPlace {
  readonly top: number
  readonly width: number
}

export interface RasterBands {
  /** All bands together. */
  readonly area: PlotArea
  /** What lies under the axes, and what above. */
  readonly markup: { readonly panels: readonly Markup[]; readonly bands: readonly Markup[] }
}

/** What bands leave to captions and numbers on either side, in px. */
export const LEFT = 132
export const RIGHT = 28
export const GAP = 14
const BAND = { perUnit: 2.5, min: 52, max: 320 } as const
const COLOURS = [THEME.slate, THEME.blue, THEME.vermilion, THEME.green, THEME.purple, THEME.orange] as const

/** A band per group with its first unit at the bottom, a mark per spike within a span of time. */
export function rasterBands(groups: readonly RasterGroup[], place: RasterPlace, span: Span): RasterBands {
  const bands = stack(groups, place)
  const { top, width } = place
  const last = bands.at(-1)?.area ?? { left: LEFT, top, width: width - LEFT - RIGHT, height: 0 }
  const area = { ...last, top, height: last.top + last.height - top }
  const scale = linearScale(span, acrossOf(area))
  return {
    area,
    markup: {
      panels: bands.map((band) => panel(band.area)),
      bands: bands.map(({ group, area: own, colour }) => band(group, own, { scale, span, colour })),
    },
  }
}

interface Band {
  readonly group: RasterGroup
  readonly area: PlotArea
  readonly colour: string
}

function stack(groups: readonly RasterGroup[], { top, width }: RasterPlace): readonly Band[] {
  let next = top
  return groups.map((group, index) => {
    const height = Math.min(BAND.max, Math.max(BAND.min, rowsOf(group) * BAND.perUnit))
    const area = { left: LEFT, top: next, width: width - LEFT - RIGHT, height }
    next += height + GAP
    return { group, area, colour: group.colour ?? groupColour(index) }
  })
}

/** The colour of the k-th group of a picture. */
export function groupColour(index: number): string {
  return COLOURS[index % COLOURS.length] ?? THEME.slate
}

function rowsOf({ size, shown }: RasterGroup): number {
  return shown?.length ?? size
}

interface BandStyle {
  readonly scale: Scale
  readonly span: Span
  readonly colour: string
}

function band(group: RasterGroup, area: PlotArea, { scale, span, colour }: BandStyle): Markup {
  const rows = rowsOf(group)
  const row = area.height / rows
  const rowScale = linearScale({ from: -0.5, to: rows - 0.5 }, upwardOf(area))
  const rowOf = rowsByUnit(group)
  const length = Math.min(14, Math.max(4, row * 0.72))
  const isInside = (time: number) => time >= span.from && time < span.to
  const shown = Array.from({ length: group.times.length }, (_, spike) => spike).filter(
    (spike) => isInside(group.times[spike] as number) && rowOf(group.units[spike] as number) !== undefined,
  )
  const marks = shown.map((spike) => {
    const x = scale(group.times[spike] as number)
    const y = rowScale(rowOf(group.units[spike] as number) as number) - length / 2
    return `M${pixels(x)} ${pixels(y)}v${pixels(length)}`
  })
  return element(
    'g',
    {},
    element('path', {
      d: marks.join(''),
      stroke: colour,
      'stroke-width': row < 4 ? 1.7 : 2.2,
      'stroke-linecap': 'round',
    }),
    ...caption(group, area, { colour, spikes: shown.length }),
    ...numberedRows(rows).map((at) => {
      const unit = String(group.shown?.[at] ?? at)
      return label(unit, { x: LEFT - 7, y: rowScale(at) + 3.5, size: 10, anchor: 'end', colour: THEME.muted })
    }),
  )
}

/** The row of a unit; undefined if it is not shown. */
function rowsByUnit({ shown }: RasterGroup): (unit: number) => number | undefined {
  if (shown === undefined) return (unit) => unit
  const rows = new Map(shown.map((unit, row) => [unit, row]))
  return (unit) => rows.get(unit)
}

function caption(
  { name, size, shown }: RasterGroup,
  area: PlotArea,
  style: { colour: string; spikes: number },
): Markup[] {
  const units = shown === undefined ? count(size, 'unit') : `${shown.length} of ${size}`
  return bandCaption(area, name, [units, count(style.spikes, 'spike')], style.colour)
}

/** A name with two lines below it, left of a band. */
export function bandCaption(
  area: PlotArea,
  name: string,
  [first, second]: readonly [string, string],
  colour: string,
): Markup[] {
  const middle = area.top + area.height / 2
  return [
    element('rect', { x: 24, y: middle - 20, width: 3, height: 40, rx: 1.5, fill: colour }),
    label(name, { x: 34, y: middle - 9, size: 13, weight: 600 }),
    label(first, { x: 34, y: middle + 6, size: 11, colour: THEME.muted }),
    label(second, { x: 34, y: middle + 20, size: 11, colour: THEME.muted }),
  ]
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** The rows whose numbers stand beside a band: all of a small group, else the first and the last. */
function numberedRows(size: number): number[] {
  return size <= 5 ? Array.from({ length: size }, (_, row) => row) : [0, size - 1]
}
