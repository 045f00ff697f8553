/** Where the picture has moved to, in pixels. */
export interface Shift {
  readonly x: number
  readonly y: number
}

/** The corners of a triangle, and back to the first. */
const PATH: readonly Shift[] = [
  { x: 0, y: -3 },
  { x: 3, y: 3 },
  { x: -3, y: 3 },
  { x: 0, y: -3 },
]
/** In ms, from one corner to the next. */
const SACCADE = 100
/** Of which it moves in the middle. */
const MOVING = 0.8

/** In ms, of all saccades. */
export const SACCADES_END = SACCADE * (PATH.length - 1)

/** Where the picture is at a time in ms: a smoothstep 3 s^2 - 2 s^3 from corner to corner. */
export function saccadeShift(time: number): Shift {
  const leg = Math.min(Math.floor(time / SACCADE), PATH.length - 2)
  const rest = (1 - MOVING) / 2
  const s = Math.min(Math.max((time / SACCADE - leg - rest) / MOVING, 0), 1)
  const share = s * s * (3 - 2 * s)
  const [from, to] = [PATH[leg] as Shift, PATH[leg + 1] as Shift]
  return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) }
}
