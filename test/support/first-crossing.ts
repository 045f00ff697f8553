import { cells } from './cells.js'
import { Course, type CoursePoint } from './course.js'
import { exact, type Real } from './decimal.js'
import type { DecimalMembrane, MembraneParameters, MembraneState } from './decimal-membrane.js'
import { crossingIn, type Instant, instant, peakIn, type Range } from './decimal-root.js'
import { doubleRoot } from './double-root.js'

/** A local maximum of V - theta that stayed below 0. */
export interface NearMiss {
  readonly after: number
  readonly margin: number
}

export interface Search {
  readonly crossing: Instant | null
  /** Maxima before the crossing that came nearer to theta than `near`. */
  readonly misses: readonly NearMiss[]
}

/**
 * The first instant in [0, length] at which V >= theta, from a state with V < theta.
 *
 * `cells` cuts the time so that each piece holds at most one crossing; doubles decide where their error bound lets
 * them, else 70 digits do.
 */
export function firstCrossing(
  parameters: MembraneParameters,
  membrane: DecimalMembrane,
  start: MembraneState,
  { length, near }: { length: number; near: number },
): Search {
  const misses: NearMiss[] = []
  if (staysBelow(membrane, start)) return { crossing: null, misses }
  const course = new Course(parameters, start, membrane)
  const upTo = (from: number, top: Real, guess: number): Search => {
    return { crossing: crossingIn(membrane, start, { from: exact(from), to: top, guess: exact(guess) }), misses }
  }
  for (const { kind, from, to } of cells(course, length, () => -near)) {
    if (kind === 'rising') {
      if (reaches(membrane, start, to)) return upTo(from.t, exact(to.t), risingThrough(course, from.t, to.t))
      continue
    }
    const top = peakOf(course, from, to)
    const doubt = top.e0 + (2 * top.e1 * top.e1) / Math.abs(top.f2)
    if (top.f > doubt) return upTo(from.t, exact(top.t), risingThrough(course, from.t, top.t))
    const refined = top.f < -doubt ? null : peakIn(membrane, start, rangeOf(from, to, top))
    const height = refined === null ? top.f : refined.jet.f.toNumber()
    if (refined !== null && height >= 0) return upTo(from.t, refined.after, top.t)
    if (-height < near) misses.push({ after: top.t, margin: -height })
  }
  return { crossing: null, misses }
}

/** Whether V >= theta at a point; 70 digits decide where doubles can't. */
function reaches(membrane: DecimalMembrane, start: MembraneState, { t, f, e0 }: CoursePoint): boolean {
  if (Math.abs(f) > e0) return f > 0
  return !instant(membrane, start, exact(t)).jet.f.isNegative()
}

function risingThrough(course: Course, from: number, to: number): number {
  const valueAndSlope = (t: number) => {
    const { f, f1 } = course.at(t)
    return [f, f1] as const
  }
  return doubleRoot(valueAndSlope, from, to)
}

/** The bracket for `peakIn`. */
export function rangeOf(from: CoursePoint, to: CoursePoint, top: CoursePoint): Range {
  return { from: exact(from.t), to: exact(to.t), guess: exact(top.t) }
}

/** The local maximum inside a cell of kind 'peak'. */
export function peakOf(course: Course, from: CoursePoint, to: CoursePoint): CoursePoint {
  const t = doubleRoot(
    (x) => {
      const { f1, f2 } = course.at(x)
      return [-f1, -f2]
    },
    from.t,
    to.t,
  )
  return course.at(t)
}

/** bias = threshold, and nothing that could lift V above the bias: V comes ever closer and never arrives. */
function staysBelow(membrane: DecimalMembrane, { v, exc, inh }: MembraneState): boolean {
  return membrane.bias.eq(membrane.threshold) && v.lt(membrane.bias) && exc.lte(0) && inh.lte(0)
}
