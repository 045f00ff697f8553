import { LEFT_DOT, R_BIG, R_SMALL, RIGHT_DOT } from '../../data/yin-yang-disc.js'

/** The edge of the disc as an SVG path in the unit square. */
export const DISC_OUTLINE = circle({ x: R_BIG, y: R_BIG }, R_BIG)

/** Every true border between classes, and the edge of the disc, as an SVG path in the unit square. */
export const YIN_YANG_LINES = [
  DISC_OUTLINE,
  circle(LEFT_DOT, R_SMALL),
  circle(RIGHT_DOT, R_SMALL),
  // Below the left dot and above the right one, through the centre.
  `M0 ${R_BIG}${arc(R_BIG / 2, { x: R_BIG, y: R_BIG }, 1)}${arc(R_BIG / 2, { x: 2 * R_BIG, y: R_BIG }, 0)}`,
].join('')

interface Place {
  readonly x: number
  readonly y: number
}

function circle({ x, y }: Place, radius: number): string {
  const left = { x: x - radius, y }
  return `M${left.x} ${y}${arc(radius, { x: x + radius, y }, 1)}${arc(radius, left, 1)}Z`
}

/** Half a circle to a place; `sweep` 1 runs counterclockwise where y points upward. */
function arc(radius: number, { x, y }: Place, sweep: 0 | 1): string {
  return `A${radius} ${radius} 0 0 ${sweep} ${x} ${y}`
}
