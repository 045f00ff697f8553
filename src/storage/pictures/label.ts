import { type Attributes, element, type Markup } from './svg.js'

export interface LabelStyle {
  readonly x: number
  readonly y: number
  readonly size?: number
  readonly weight?: number
  readonly colour?: string
  readonly anchor?: 'start' | 'middle' | 'end'
  /** Turned to read upward. */
  readonly upward?: true
}

/** Roughly the advance of a 12 px digit or lower-case letter; no font can be measured here. */
export const ADVANCE = 6.6

/** A line of text. */
export function label(text: string, { x, y, size, weight, colour, anchor, upward }: LabelStyle): Markup {
  const attributes: Attributes = {
    x,
    y,
    ...(size === undefined ? {} : { 'font-size': size }),
    ...(weight === undefined ? {} : { 'font-weight': weight }),
    ...(colour === undefined ? {} : { fill: colour }),
    ...(anchor === undefined || anchor === 'start' ? {} : { 'text-anchor': anchor }),
    ...(upward === undefined ? {} : { transform: `rotate(-90 ${x} ${y})` }),
  }
  return element('text', attributes, text)
}
