import { label } from './label.js'
import type { Scale, Span } from './scale.js'
import { element, type Markup, pixels } from './svg.js'
import { THEME } from './theme.js'

/** The rectangle a plot is drawn in, in px. */
export interface PlotArea {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface Axis {
  readonly scale: Scale
  readonly ticks: readonly number[]
  readonly format?: (tick: number) => string
  /** What is measured, with its unit. */
  readonly title: string
}

/** The horizontal span of a plot area, from left to right. */
export function acrossOf({ left, width }: PlotArea): Span {
  return { from: left, to: left + width }
}

/** The vertical span of a plot area, from bottom to top. */
export function upwardOf({ top, height }: PlotArea): Span {
  return { from: top + height, to: top }
}

/** The panel behind a plot. */
export function panel({ left, top, width, height }: PlotArea): Markup {
  return element('rect', { x: left, y: top, width, height, fill: THEME.panel, stroke: THEME.area })
}

/** Grid lines, ticks, numbers and title below a plot area. */
export function bottomAxis(area: PlotArea, { scale, ticks, format = String, title }: Axis): Markup {
  const floor = area.top + area.height
  const marks = ticks.map((tick) => `M${pixels(scale(tick))} ${pixels(floor)}v5`).join('')
  return element(
    'g',
    {},
    gridLines(ticks.map((tick) => `M${pixels(scale(tick))} ${pixels(area.top)}v${pixels(area.height)}`)),
    element('path', { d: marks, stroke: THEME.muted }),
    ...ticks.map((tick) =>
      label(format(tick), { x: scale(tick), y: floor + 19, anchor: 'middle', colour: THEME.muted }),
    ),
    label(title, { x: area.left + area.width / 2, y: floor + 40, anchor: 'middle' }),
  )
}

/** Grid lines, ticks, numbers and title left of a plot area. */
export function leftAxis(area: PlotArea, { scale, ticks, format = String, title }: Axis): Markup {
  const marks = ticks.map((tick) => `M${pixels(area.left)} ${pixels(scale(tick))}h-5`).join('')
  return element(
    'g',
    {},
    gridLines(ticks.map((tick) => `M${pixels(area.left)} ${pixels(scale(tick))}h${pixels(area.width)}`)),
    element('path', { d: marks, stroke: THEME.muted }),
    ...ticks.map((tick) =>
      label(format(tick), { x: area.left - 9, y: scale(tick) + 4, anchor: 'end', colour: THEME.muted }),
    ),
    label(title, { x: area.left - 46, y: area.top + area.height / 2, anchor: 'middle', upward: true }),
  )
}

function gridLines(lines: readonly string[]): Markup {
  return element('path', { d: lines.join(''), stroke: THEME.grid })
}
