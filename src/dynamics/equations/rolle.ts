import { log1p } from '../../numerics/log1p.js'
import type { Membrane } from './membrane.js'
import { rateDifference, type SynapticConstants, type TimeConstants } from './time-constants.js'
import { BRIEF, FIRST_STEP, HORIZON, SEPARATOR_OFF } from './tolerances.js'

/**
 * A linear functional of the free course: mem V' + exc I_exc + inh I_inh + adapt A, where V' is without what brief currents
 * add to it as they are (see `Membrane.restSlope`): next to this what is looked for would drown in rounding.
 *
 * As a function of D it is a sum of exponentials, one per time constant that is not yet eliminated.
 */
interface Functional {
  readonly mem: number
  readonly exc: number
  readonly inh: number
  readonly adapt: number
}

/**
 * Time of the first crossing of the threshold from below, or Infinity: the complete search.
 *
 * V - theta is a constant and a sum of up to four exponentials. By Rolle, the zeros of a sum of exponentials are
 * separated by the zeros of the derivative of e^{t/tau} f, which has one exponential less: each level's zeros bracket
 * those of the level above, down to a closed form. Needs V < theta at 0; never misses a crossing, however short.
 */
export function firstUpcrossing(membrane: Membrane): number {
  const extrema = withGrid(extremaOf(membrane), membrane.constants)
  let from = 0
  const horizon = searchHorizon(membrane.constants)
  for (const extremum of extrema) {
    if (extremum > horizon) break
    membrane.at(extremum)
    if (membrane.excess >= 0) return refineCrossing(membrane, from, extremum)
    from = extremum
  }
  const { bias, threshold, constants } = membrane
  if (constants.leak === 0 ? !(bias > 0) : !(bias > threshold)) return Infinity
  const to = bracketTail(from, slowest(constants), from + crossingHorizon(constants), (d) => {
    membrane.at(d)
    return membrane.excess >= 0
  })
  return to === Infinity ? Infinity : refineCrossing(membrane, from, to)
}

/** Times D > 0 of all extrema of V (of V - theta while A is not 0), in order. */
export function extremaOf(membrane: Membrane): readonly number[] {
  return zerosOf(membrane, slopeOf(membrane.constants), remaining(membrane))
}

function slopeOf({ tauDrive, exc, inh, tauAdapt }: TimeConstants): Functional {
  const own = ({ isBrief }: SynapticConstants) => (isBrief ? 1 / tauDrive : 0)
  return { mem: 1, exc: own(exc), inh: own(inh), adapt: 1 / tauAdapt }
}

/** What is 1 / of the share of a current that it takes from V' per ms, beside the decay with tauMem. */
function takenBy({ isBrief, tauSyn }: SynapticConstants, { tauMem }: TimeConstants): number {
  return (isBrief ? tauMem : tauSyn) * tauMem
}

/** The time constants to eliminate before the closed form of the last two exponentials. */
function remaining(membrane: Membrane): readonly number[] {
  const { constants: c } = membrane
  const taus: number[] = []
  if (membrane.adaptation !== 0) taus.push(c.tauAdapt)
  if (membrane.iExc !== 0 && membrane.iInh !== 0) taus.push(c.inh.tauSyn)
  return taus
}

/** The zeros of a functional on (0, infinity), in order; `taus` lists the exponentials beyond the last two. */
function zerosOf(membrane: Membrane, functional: Functional, taus: readonly number[]): readonly number[] {
  const [tau, ...rest] = taus
  if (tau === undefined) return closedFormZero(membrane, functional)
  const separators = withGrid(
    zerosOf(membrane, eliminate(functional, tau, membrane.constants), rest),
    membrane.constants,
  )
  const value = (d: number) => evaluate(membrane, functional, d)
  const zeros: number[] = []
  let from = 0
  let sign = Math.sign(value(0))
  const horizon = searchHorizon(membrane.constants)
  for (const separator of separators) {
    if (separator > horizon) break
    const next = Math.sign(value(separator))
    if (sign * next < 0) zeros.push(bisect(value, from, separator))
    if (next !== 0) sign = next
    from = separator
  }
  const to = bracketTail(from, slowest(membrane.constants), from + horizon, (d) => sign * value(d) < 0)
  if (to !== Infinity) zeros.push(bisect(value, from, to))
  return zeros
}

/**
 * Zeros of e^{t/tau} f and of its derivative lie within tau of each other, and slow exponentials may be next to nothing beside
 * fast ones. So where time constants are far apart rounding puts separators on the wrong side of a zero, or loses them: signs are
 * looked at on both sides of each, too, and on a grid that doubles from the fastest one to the slowest.
 */
function withGrid(separators: readonly number[], c: TimeConstants): readonly number[] {
  const least = Math.min(...decaying(c))
  const horizon = searchHorizon(c)
  if (slowest(c) < BRIEF * least) return separators
  const points = separators.flatMap((d) => [d * (1 - SEPARATOR_OFF), d, d * (1 + SEPARATOR_OFF)])
  for (let d = least / FIRST_STEP; d < horizon; d *= 2) points.push(d)
  return points.sort((a, b) => a - b)
}

/** (d/dt + 1/tau) applied to a functional: eliminates e^{-t/tau}. */
function eliminate(f: Functional, tau: number, c: TimeConstants): Functional {
  const ofCurrent = (own: number, s: SynapticConstants) =>
    s.tauSyn === 0 ? 0 : own * rateDifference(tau, s.tauSyn) - f.mem / takenBy(s, c)
  return {
    mem: f.mem * rateDifference(tau, c.tauMem),
    exc: ofCurrent(f.exc, c.exc),
    inh: ofCurrent(f.inh, c.inh),
    adapt: f.adapt * rateDifference(tau, c.tauAdapt),
  }
}

/**
 * The zero of h = e^{-t/tauMem} (h(0) + c I(0) phi(t)), phi(t) = (e^{delta t} - 1)/delta, delta = 1/tauMem - 1/tauSyn:
 *
 *     t = log1p(delta q) / delta,   q = -h(0) / (c I(0))          (q as delta -> 0)
 *
 * Here one current is left, the excitatory one unless it is zero. A maximum or a minimum; none if t <= 0.
 */
function closedFormZero(membrane: Membrane, f: Functional): readonly number[] {
  const c = membrane.constants
  const current = membrane.iExc !== 0 ? membrane.iExc : membrane.iInh
  const synapse = membrane.iExc !== 0 ? c.exc : c.inh
  const weight = membrane.iExc !== 0 ? f.exc : f.inh
  const delta = rateDifference(c.tauMem, synapse.tauSyn)
  if (synapse.isBrief) return zeroOfBrief(membrane, f, synapse, current, weight)
  const drive = (weight * delta - f.mem / takenBy(synapse, c)) * current
  const q = -evaluate(membrane, f, 0) / drive
  if (!(q > 0) || q === Infinity) return []
  const x = delta * q
  if (!(x > -1)) return []
  return [x === 0 ? q : q * (log1p(x) / x)]
}

/**
 * The same where the current is brief: e^{delta t} is next to nothing, so delta q rounds to -1. As kappa is
 * g (e^{-t/tauMem} - e^{-t/tauSyn}) with g = tauSyn/(tauMem - tauSyn), and alike for the other current, h is a sum of two:
 *
 *     slow e^{-t/tauMem}      slow = mem/tauMem (bias - V(0) + sum of currents, tauSyn/(tauSyn - tauMem) of each)
 *     fast e^{-t/tauSyn}      fast = (c + mem g/tauMem) I(0)
 *
 * Without a leak slow is mem bias/ms, and fast is c I(0).
 */
function zeroOfBrief(
  m: Membrane,
  f: Functional,
  s: SynapticConstants,
  current: number,
  own: number,
): readonly number[] {
  const { tauMem, tauDrive, leak, exc, inh } = m.constants
  const share = ({ tauSyn }: SynapticConstants, i: number) => (i === 0 ? 0 : (tauSyn / (tauSyn - tauMem)) * i)
  // A current that lasts as long as the membrane has been eliminated with it, but for what it leaves of itself.
  const other = inh.tauSyn === tauMem ? f.inh * m.iInh : (f.mem / tauMem) * share(inh, m.iInh)
  const slow = (f.mem / tauDrive) * (m.bias - leak * m.v + share(exc, m.iExc)) + other
  const fast = (own + (f.mem * s.scale) / tauMem) * current
  const t = log1p(-fast / slow - 1) / rateDifference(s.tauSyn, tauMem)
  return t > 0 && t < Infinity ? [t] : []
}

function evaluate(membrane: Membrane, f: Functional, d: number): number {
  membrane.at(d)
  return (
    f.mem * membrane.restSlope + f.exc * membrane.iExcAt + f.inh * membrane.iInhAt + f.adapt * membrane.adaptationAt
  )
}

/** Beyond this many ms nothing crosses any more, unless it would for ever. */
export function searchHorizon(c: TimeConstants): number {
  return HORIZON * slowest(c)
}

/** The same of a crossing: without a leak a bias raises V for ever. */
export function crossingHorizon(c: TimeConstants): number {
  return c.leak === 0 ? Infinity : searchHorizon(c)
}

function slowest(c: TimeConstants): number {
  return Math.max(...decaying(c))
}

/** The time constants of what decays: a membrane without a leak does not, and there may be no current. */
function decaying({ tauMem, exc, inh, tauAdapt }: TimeConstants): readonly number[] {
  return [tauMem, exc.tauSyn, inh.tauSyn, tauAdapt].filter((tau) => tau > 0 && tau < Infinity)
}

/** The first D in a doubling sequence after `from` where `reached` holds, or Infinity if there is none up to `limit`. */
function bracketTail(from: number, tau: number, limit: number, reached: (d: number) => boolean): number {
  for (let step = tau / FIRST_STEP; ; step *= 2) {
    const d = Math.min(from + step, limit)
    if (reached(d)) return d
    if (d === limit) return Infinity
  }
}

/** A sign change of `value` in [from, to], to the last bit. */
function bisect(value: (d: number) => number, from: number, to: number): number {
  let low = from
  let high = to
  const sign = Math.sign(value(high))
  for (;;) {
    const middle = low + (high - low) / 2
    if (!(middle > low && middle < high)) return high
    if (value(middle) * sign > 0) high = middle
    else low = middle
  }
}

/** The crossing in (from, to], V < theta at `from`, V >= theta at `to`, one zero between: Newton kept in a bracket. */
function refineCrossing(membrane: Membrane, from: number, to: number): number {
  let low = from
  let high = to
  let d = to
  for (;;) {
    membrane.at(d)
    if (membrane.excess >= 0) high = d
    else low = d
    d -= membrane.excess / membrane.excessSlope
    if (!(d > low && d < high)) d = low + (high - low) / 2
    if (!(d > low && d < high)) return high
  }
}
