import { label } from './label.js'
import type { Scale, Span } from './scale.js'
import { element, type Markup, pixels } from './svg.js'
import { THEME } from './theme.js'

/** The rectangle a plot is drawn in, in px. */
export interface Frame {
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

/** The horizontal span of a frame, from left to right. */
export function acrossOf({ left, width }: Frame): Span {
  return { from: left, to: left + width }
}

/** The vertical span of a frame, from bottom to top. */
export function upwardOf({ top, height }: Frame): Span {
  return { from: top + height, to: top }
}

/** The panel behind a plot. */
export function panel({ left, top, width, height }: Frame): Markup {
  return element('rect', { x: left, y: top, width, height, fill: THEME.panel, stroke: THEME.frame })
}

/** Grid lines, ticks, numbers and title below a frame. */
export function bottomAxis(frame: Frame, { scale, ticks, format = String, title }: Axis): Markup {
  const floor = frame.top + frame.height
  const marks = ticks.map((tick) => `M${pixels(scale(tick))} ${pixels(floor)}v5`).join('')
  return element(
    'g',
    {},
    gridLines(ticks.map((tick) => `M${pixels(scale(tick))} ${pixels(frame.top)}v${pixels(frame.height)}`)),
    element('path', { d: marks, stroke: THEME.muted }),
    ...ticks.map((tick) =>
      label(format(tick), { x: scale(tick), y: floor + 19, anchor: 'middle', colour: THEME.muted }),
    ),
    label(title, { x: frame.left + frame.width / 2, y: floor + 40, anchor: 'middle' }),
  )
}

/** Grid lines, ticks, numbers and title left of a frame. */
export function leftAxis(frame: Frame, { scale, ticks, format = String, title }: Axis): Markup {
  const marks = ticks.map((tick) => `M${pixels(frame.left)} ${pixels(scale(tick))}h-5`).join('')
  return element(
    'g',
    {},
    gridLines(ticks.map((tick) => `M${pixels(frame.left)} ${pixels(scale(tick))}h${pixels(frame.width)}`)),
    element('path', { d: marks, stroke: THEME.muted }),
    ...ticks.map((tick) =>
      label(format(tick), { x: frame.left - 9, y: scale(tick) + 4, anchor: 'end', colour: THEME.muted }),
    ),
    label(title, { x: frame.left - 46, y: frame.top + frame.height / 2, anchor: 'middle', upward: true }),
  )
}

function gridLines(lines: readonly string[]): Markup {
  return element('path', { d: lines.join(''), stroke: THEME.grid })
}
