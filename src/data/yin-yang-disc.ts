import { readAnyNumber } from '../network/reading/read-number.js'

/** Radius of the disc; it is centred at (R_BIG, R_BIG), so it fills the unit square. */
export const R_BIG = 0.5
/** Radius of the two dots. */
export const R_SMALL = 0.1
/** The centres of the two dots lie at half the radius, left and right of the disc's centre. */
export const LEFT_DOT = { x: 0.5 * R_BIG, y: R_BIG } as const
export const RIGHT_DOT = { x: 1.5 * R_BIG, y: R_BIG } as const

/** The names of the classes 0, 1 and 2. */
export const YIN_YANG_CLASSES = ['yang', 'yin', 'dot'] as const

/** Whether (x, y) lies on the disc, its edge included. */
export function insideYinYang(x: number, y: number): boolean {
  requireNumbers(x, y)
  return distance(x, y, R_BIG, R_BIG) <= R_BIG
}

/**
 * The class of a point on the disc: 0 yang, 1 yin, 2 dot.
 *
 * Source: Kriener, Göltz & Petrovici 2022 (arXiv 2102.08211).
 */
export function yinYangClass(x: number, y: number): 0 | 1 | 2 {
  requireNumbers(x, y)
  const right = distance(x, y, RIGHT_DOT.x, RIGHT_DOT.y)
  const left = distance(x, y, LEFT_DOT.x, LEFT_DOT.y)
  if (right < R_SMALL || left < R_SMALL) return 2
  const leftHead = left > R_SMALL && left <= 0.5 * R_BIG
  const upperBody = y > R_BIG && right > 0.5 * R_BIG
  return right <= R_SMALL || leftHead || upperBody ? 1 : 0
}

function requireNumbers(x: number, y: number): void {
  readAnyNumber(x, 'x')
  readAnyNumber(y, 'y')
}

/** The published points depend on the rounding of exactly this expression. */
function distance(x: number, y: number, centreX: number, centreY: number): number {
  const dx = x - centreX
  const dy = y - centreY
  return Math.sqrt(dx * dx + dy * dy)
}
