import { element, type Markup, pixels } from './svg.js'

export interface Point {
  readonly x: number
  readonly y: number
}

/** A line through the points, broken where one is not finite, with a dot at its end. */
export function curve(points: readonly Point[], colour: string): Markup {
  let pen = 'M'
  let d = ''
  let end: Point | undefined
  for (const point of points) {
    if (!Number.isFinite(point.x + point.y)) {
      pen = 'M'
      continue
    }
    d += `${pen}${pixels(point.x)} ${pixels(point.y)}`
    pen = 'L'
    end = point
  }
  const line = element('path', { d, fill: 'none', stroke: colour, 'stroke-width': 1.8, 'stroke-linejoin': 'round' })
  const dot = end === undefined ? [] : [element('circle', { cx: end.x, cy: end.y, r: 3, fill: colour })]
  return element('g', {}, line, ...dot)
}
