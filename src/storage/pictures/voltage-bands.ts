import { acrossOf, type PlotArea, panel, upwardOf } from './axes.js'
import { label } from './label.js'
import { bandCaption, GAP, groupColour, LEFT, type RasterPlace, RIGHT } from './raster-bands.js'
import { linearScale, type Span } from './scale.js'
import { element, type Markup, pixels } from './svg.js'
import { THEME } from './theme.js'
import { linearTicks } from './ticks.js'

/** The voltages of one group in one trial. */
export interface VoltageGroup {
  readonly name: string
  readonly size: number
  /** Of the samples, in ms, in order. */
  readonly times: ArrayLike<number>
  /** Row-major [unit][sample]. */
  readonly values: ArrayLike<number>
}

export interface VoltageBands {
  /** All bands together. */
  readonly area: PlotArea
  readonly panels: readonly Markup[]
  readonly bands: readonly Markup[]
}

const BAND = 132
/** Maximum number of units with a colour each; of more units only the highest has one. */
const COLOURED = 6

/** A band per group with a line per unit, over its own axis of the voltage. */
export function voltageBands(groups: readonly VoltageGroup[], { top, width }: RasterPlace, span: Span): VoltageBands {
  const areaOf = (k: number): PlotArea => {
    return { left: LEFT, top: top + k * (BAND + GAP), width: width - LEFT - RIGHT, height: BAND }
  }
  const last = areaOf(groups.length - 1)
  return {
    area: { ...last, top, height: last.top + last.height - top },
    panels: groups.map((_, k) => panel(areaOf(k))),
    bands: groups.map((group, k) => band(group, areaOf(k), span)),
  }
}

function band(group: VoltageGroup, area: PlotArea, span: Span): Markup {
  const { size, times, values } = group
  const count = times.length
  const inside = Array.from({ length: count }, (_, k) => k).filter((k) => {
    const time = times[k] as number
    return time >= span.from && time <= span.to
  })
  const voltage = (unit: number, sample: number) => values[unit * count + sample] as number
  const extremes = Array.from({ length: size }, (_, unit) => extremesOf(inside.map((k) => voltage(unit, k))))
  const domain = domainOf(extremes)
  const across = linearScale(span, acrossOf(area))
  const upward = linearScale(domain, upwardOf(area))
  const highest = extremes.reduce((best, { to }, unit) => (to > (extremes[best] as Span).to ? unit : best), 0)
  const isColoured = size <= COLOURED
  const colourOf = (unit: number) => (isColoured ? groupColour(unit) : unit === highest ? THEME.blue : THEME.slate)
  const lines = Array.from({ length: size }, (_, unit) => {
    const known = inside.filter((k) => Number.isFinite(voltage(unit, k)))
    const d = known.map((k, n) => {
      return `${n === 0 ? 'M' : 'L'}${pixels(across(times[k] as number))} ${pixels(upward(voltage(unit, k)))}`
    })
    const isFaint = !isColoured && unit !== highest
    const stroke = { stroke: colourOf(unit), 'stroke-width': unit === highest ? 2.2 : 1.2 }
    const path = { d: d.join(''), fill: 'none', 'stroke-linejoin': 'round', ...stroke }
    return element(
      'path',
      { ...path, ...(isFaint ? { 'stroke-opacity': 0.4 } : {}) },
      element('title', {}, `${group.name} ${unit}`),
    )
  })
  // The highest lies above the others.
  const inOrder = [...lines.filter((_, unit) => unit !== highest), ...lines.slice(highest, highest + 1)]
  return element(
    'g',
    {},
    ...inOrder,
    ...bandCaption(area, group.name, ['voltage', `unit ${highest} highest`], colourOf(highest)),
    ...linearTicks(domain, 3).map((tick) =>
      label(String(tick), { x: LEFT - 7, y: upward(tick) + 3.5, size: 10, anchor: 'end', colour: THEME.muted }),
    ),
    ...(isColoured ? names(size, area, colourOf) : []),
  )
}

/** Numbers of the units in their colours, inside of the band at its right end. */
function names(size: number, { left, width, top }: PlotArea, colourOf: (unit: number) => string): readonly Markup[] {
  return Array.from({ length: size }, (_, unit) =>
    label(String(unit), {
      x: left + width - 8,
      y: top + 14 + 12 * unit,
      size: 10,
      anchor: 'end',
      colour: colourOf(unit),
    }),
  )
}

function extremesOf(values: readonly number[]): Span {
  const finite = values.filter(Number.isFinite)
  return {
    from: finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
    to: finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  }
}

/** Room for all voltages, 0 among them, from which every trial starts. */
function domainOf(extremes: readonly Span[]): Span {
  const from = extremes.reduce((least, each) => Math.min(least, each.from), 0)
  const to = extremes.reduce((most, each) => Math.max(most, each.to), 0)
  const room = to > from ? 0.06 * (to - from) : 1
  return { from: from - room, to: to + room }
}
