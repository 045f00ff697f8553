import { Real } from './decimal.js'
import type { DecimalMembrane, ExcessJet, MembraneState } from './decimal-membrane.js'

export interface Instant {
  /** Time since the start of the course. */
  readonly after: Real
  readonly state: MembraneState
  readonly jet: ExcessJet
}

/** Far below 1e-35 ms, what is asked for. */
const ACCURACY = new Real('1e-38')
const MOST_ITERATIONS = 400

/** The instant at which f = V - theta comes up to 0 in [from, to]: f < 0 at the first, f >= 0 at the second. */
export function crossingIn(membrane: DecimalMembrane, start: MembraneState, range: Range): Instant {
  return rootIn(membrane, start, range, ({ f, f1, f2 }) => ({ g: f, g1: f1, g2: f2 }))
}

/** The instant in [from, to] at which f' comes down to 0; the nearer end where it doesn't. */
export function peakIn(membrane: DecimalMembrane, start: MembraneState, range: Range): Instant {
  const first = instant(membrane, start, range.from)
  if (first.jet.f1.lte(0)) return first
  const last = instant(membrane, start, range.to)
  if (last.jet.f1.gte(0)) return last
  return rootIn(membrane, start, range, ({ f1, f2, f3 }) => ({ g: f1.neg(), g1: f2.neg(), g2: f3.neg() }))
}

export function instant(membrane: DecimalMembrane, start: MembraneState, after: Real): Instant {
  const state = membrane.flow(start, after)
  return { after, state, jet: membrane.jet(state) }
}

export interface Range {
  readonly from: Real
  readonly to: Real
  readonly guess: Real
}

/** Halley's iteration inside a shrinking bracket, until Newton's step is below the accuracy. */
function rootIn(
  membrane: DecimalMembrane,
  start: MembraneState,
  { from, to, guess }: Range,
  view: (jet: ExcessJet) => { g: Real; g1: Real; g2: Real },
): Instant {
  let low = from
  let high = to
  let at = instant(membrane, start, guess)
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const { g, g1, g2 } = view(at.jet)
    if (g.abs().lt(ACCURACY.times(g1)) || high.minus(low).lt(ACCURACY)) return at
    if (g.isNegative()) low = at.after
    else high = at.after
    const twice = g.times(2)
    const divisor = g1.times(g1).times(2).minus(g.times(g2))
    const next = at.after.minus(twice.times(g1).div(divisor))
    const inside = next.gt(low) && next.lt(high)
    at = instant(membrane, start, inside ? next : low.plus(high).div(2))
  }
  throw new RangeError('the root could not be found to 38 decimals')
}
