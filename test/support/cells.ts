import type { Course, CoursePoint } from './course.js'

/** An interval of time in which f does one thing only, in order of time. */
export type Cell =
  /** f rises, or is convex: its maximum is at one of the ends, and it reaches a level at most once from below. */
  | { readonly kind: 'rising'; readonly from: CoursePoint; readonly to: CoursePoint }
  /** f is concave and turns around inside, or within rounding of an end. */
  | { readonly kind: 'peak'; readonly from: CoursePoint; readonly to: CoursePoint }

/** What is left of f when every exponential is out of the range of doubles' precision for good. */
const FADED = 1e-250
/** Cells as narrow as this, relative to their place, can't be divided. */
const NARROWEST = 1e-13

/**
 * Every interval of [0, length] in which f = V - theta may rise over a level or have a local maximum above it.
 *
 * Complete by interval subdivision: a cell [a, a + h] is left out only where a Taylor bound, with |f'''| <= k on the
 * whole rest of the course, proves that f stays below the level or falls; else it is halved until the sign of f' or of
 * f'' is certain in it. Throws a RangeError where f' and f'' vanish together at the level.
 *
 * @param level what lies below is of no interest; asked again for every cell
 */
export function* cells(course: Course, length: number, level: () => number): Generator<Cell, void, undefined> {
  let from = course.at(0)
  let step = course.firstStep
  while (from.t < length && !isOver(from, level())) {
    const end = Math.min(from.t + step, length)
    const to = course.at(end)
    const kind = classify(from, to, level())
    if (kind === 'unclear') {
      step = (end - from.t) / 2
      if (step > NARROWEST * Math.max(from.t, course.firstStep)) continue
      if (upperBound(from, end - from.t) >= 0) throw new RangeError(`V - theta can't be told from 0 at +${from.t} ms`)
    }
    if (kind === 'rising' || kind === 'peak') yield { kind, from, to }
    from = to
    step *= 2
  }
}

function isOver({ f, e0, sup, fading }: CoursePoint, level: number): boolean {
  if (fading < FADED || sup + e0 < level) return true
  // All but constant, for good, and below.
  return level <= 0 && sup + e0 < 0 && f < 0 && fading < 0.01 * -sup
}

function classify(from: CoursePoint, to: CoursePoint, level: number): Cell['kind'] | 'low' | 'falling' | 'unclear' {
  const h = to.t - from.t
  if (upperBound(from, h) < level) return 'low'
  const turn = from.k * h + from.e2
  const spread = Math.max(Math.abs(from.f2) * h + (from.k * h * h) / 2, 0) + from.e1 + from.e2 * h
  if (from.f1 > spread) return 'rising'
  if (from.f1 < -spread) return 'falling'
  if (from.f2 > turn) return 'rising'
  if (from.f2 >= -turn) return 'unclear'
  if (from.f1 < -from.e1) return 'falling'
  return to.f1 > to.e1 ? 'rising' : 'peak'
}

/** Taylor: f + f' x + f'' x²/2 + k h³/6 at its largest on [0, h]. */
function upperBound({ f, f1, f2, e0, e1, e2, k }: CoursePoint, h: number): number {
  const quadratic = (x: number) => f1 * x + (f2 * x * x) / 2
  const vertex = f2 < 0 && f1 > 0 ? Math.min(-f1 / f2, h) : 0
  return f + Math.max(0, quadratic(h), quadratic(vertex)) + (k * h * h * h) / 6 + e0 + e1 * h + (e2 * h * h) / 2
}
