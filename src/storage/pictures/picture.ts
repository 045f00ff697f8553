import { label } from './label.js'
import { element, type Markup } from './svg.js'
import { THEME } from './theme.js'

export interface PictureOptions {
  readonly width: number
  readonly height: number
  readonly title: string
  /** A second line under the title. */
  readonly subtitle?: string
}

/** Height the title takes, in px; what is drawn begins below. */
export const TITLE_HEIGHT = 72

/** A complete SVG document on a background of its own, so that it reads on light and dark pages. */
export function picture({ width, height, title, subtitle }: PictureOptions, ...content: readonly Markup[]): string {
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'font-family': THEME.font,
    'font-size': 12,
    fill: THEME.ink,
  }
  const paper = { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 10, fill: THEME.paper, stroke: THEME.area }
  const heading = [label(title, { x: 24, y: 34, size: 17, weight: 600 })]
  if (subtitle !== undefined) heading.push(label(subtitle, { x: 24, y: 54, size: 12.5, colour: THEME.muted }))
  const root = element('svg', attributes, element('title', {}, title), element('rect', paper), ...heading, ...content)
  return `${root.markup}\n`
}
