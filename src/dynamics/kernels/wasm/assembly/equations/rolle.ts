import { log1p } from '../numerics/log1p'
import { BRIEF, FIRST_STEP, HORIZON, SEPARATOR_OFF } from '../schema/constants'
import {
  hasInhibition,
  perTauMem,
  perTauSyn,
  perTauSynInh,
  searchHorizon,
  tauAdapt,
  tauMem,
  tauSyn,
  tauSynInh,
} from '../schema/header'
import { aNow, excess, iNow, isBrief, jNow, look, refineCrossing, restSlope, setOff } from './course'

/** A functional of the course, mem U' + exc I + inh J + adapt A with `restSlope` for U': the one at work. */
let mem: f64 = 0
let exc: f64 = 0
let inh: f64 = 0
let adapt: f64 = 0

/** The zeros of the functional that was searched last, in order; at most three. */
let count: i32 = 0
let first: f64 = 0
let second: f64 = 0
let third: f64 = 0

/**
 * Time of the first crossing of the threshold from below, or Infinity: the complete search, as in src/dynamics/equations/rolle.ts.
 *
 * U - theta is a constant and a sum of up to four exponentials. By Rolle, the zeros of a sum of exponentials are separated by
 * the zeros of the derivative of e^{t/tau} f, which has one exponential less: each level's zeros bracket those of the level
 * above, down to a closed form. Needs U < theta at first; never misses a crossing, however short.
 */
export function firstUpcrossing(u: f64, i: f64, j: f64, a: f64, threshold: f64): f64 {
  setOff(u, i, j, a, threshold)
  findExtrema(u, i, j, a)
  const horizon = searchHorizon()
  let from: f64 = 0
  beginPoints()
  for (let point = nextPoint(); point <= horizon; point = nextPoint()) {
    look(point)
    if (excess >= 0) return refineCrossing(from, point)
    from = point
  }
  if (!(threshold < 0)) return Infinity
  // Rest is above the threshold.
  const limit = from + horizon
  for (let step = firstStep(), d = from; d < limit; step *= 2) {
    d = min(from + step, limit)
    look(d)
    if (excess >= 0) return refineCrossing(from, d)
  }
  return Infinity
}

/** The extrema of U - theta after the state that the course has set off from. */
function findExtrema(u: f64, i: f64, j: f64, a: f64): void {
  const adapts = a != 0
  const hasBoth = i != 0 && j != 0
  takeSlope()
  if (adapts) eliminate(tauAdapt())
  const mem1 = mem
  const exc1 = exc
  const inh1 = inh
  const adapt1 = adapt
  if (hasBoth) eliminate(tauSynInh())
  solveLast(u, i, j)
  if (hasBoth) {
    take(mem1, exc1, inh1, adapt1)
    searchBetween()
  }
  if (adapts) {
    takeSlope()
    searchBetween()
  }
}

/** The slope of U - theta. */
function takeSlope(): void {
  const own = perTauMem()
  take(1, isBrief(perTauSyn()) ? own : 0, isBrief(perTauSynInh()) ? own : 0, 1 / tauAdapt())
}

/** What a current takes from U', beside the decay with tauMem: I / (tauSyn tauMem), of a brief one I / tauMem^2. */
function takenBy(perTau: f64): f64 {
  return isBrief(perTau) ? perTauMem() : perTau
}

function take(byMem: f64, byExc: f64, byInh: f64, byAdapt: f64): void {
  mem = byMem
  exc = byExc
  inh = byInh
  adapt = byAdapt
}

/** (d/dt + 1/tau) applied to the functional: eliminates e^{-t/tau}. */
function eliminate(tau: f64): void {
  exc = exc * rateDifference(tau, tauSyn()) - mem * takenBy(perTauSyn()) * perTauMem()
  inh = inh * rateDifference(tau, tauSynInh()) - mem * takenBy(perTauSynInh()) * perTauMem()
  adapt *= rateDifference(tau, tauAdapt())
  mem *= rateDifference(tau, tauMem())
}

/** 1/a - 1/b, to full precision. */
function rateDifference(a: f64, b: f64): f64 {
  return (b - a) / (a * b)
}

function valueAt(d: f64): f64 {
  look(d)
  return mem * restSlope + exc * iNow + inh * jNow + adapt * aNow
}

/**
 * The zero of h = e^{-t/tauMem} (h(0) + c I(0) phi(t)), phi(t) = (e^{delta t} - 1)/delta, delta = 1/tauMem - 1/tauSyn:
 *
 *     t = log1p(delta q) / delta,   q = -h(0) / (c I(0))          (q as delta -> 0)
 *
 * Here one current is left, the excitatory one unless it is zero. None if t <= 0.
 */
function solveLast(u: f64, i: f64, j: f64): void {
  count = 0
  const isExc = i != 0
  const tau = isExc ? tauSyn() : tauSynInh()
  const delta = rateDifference(tauMem(), tau)
  if (isBrief(isExc ? perTauSyn() : perTauSynInh())) {
    solveBrief(u, i, j)
    return
  }
  const drive = ((isExc ? exc : inh) * delta - (mem / tau) * perTauMem()) * (isExc ? i : j)
  const q = -valueAt(0) / drive
  if (!(q > 0) || q == Infinity) return
  const x = delta * q
  if (!(x > -1)) return
  count = 1
  first = x == 0 ? q : q * (log1p(x) / x)
}

/** The same where that current is brief, see `zeroOfBrief` of the twin. */
function solveBrief(u: f64, i: f64, j: f64): void {
  const tau = i != 0 ? tauSyn() : tauSynInh()
  const gain = tau / (tauMem() - tau)
  // A current that lasts as long as the membrane has been eliminated with it, but for what it leaves of itself.
  const other = tauSynInh() == tauMem() ? inh * j : mem * perTauMem() * shareOf(tauSynInh(), j)
  const slow = mem * perTauMem() * (shareOf(tauSyn(), i) - u) + other
  const fast = ((i != 0 ? exc : inh) + mem * gain * perTauMem()) * (i != 0 ? i : j)
  const t = log1p(-fast / slow - 1) / rateDifference(tau, tauMem())
  if (!(t > 0 && t < Infinity)) return
  count = 1
  first = t
}

function shareOf(tau: f64, current: f64): f64 {
  return current == 0 ? 0 : (tau / (tau - tauMem())) * current
}

/** The zeros of the functional, between those that were found last. */
function searchBetween(): void {
  const horizon = searchHorizon()
  beginPoints()
  count = 0
  let from: f64 = 0
  let last = valueAt(0)
  for (let point = nextPoint(); point <= horizon; point = nextPoint()) {
    const next = valueAt(point)
    if (areOpposite(last, next)) add(bisect(from, point, next))
    if (next != 0) last = next
    from = point
  }
  const limit = from + horizon
  for (let step = firstStep(), d = from; d < limit; step *= 2) {
    d = min(from + step, limit)
    const next = valueAt(d)
    if (!areOpposite(last, next)) continue
    add(bisect(from, d, next))
    return
  }
}

/** The separators at which signs are looked at, how often the next one was already, and the next point of the grid. */
let separators: i32 = 0
let s0: f64 = 0
let s1: f64 = 0
let s2: f64 = 0
let passed: i32 = 0
let grid: f64 = 0

/** The zeros that were found last become the points to look at. */
function beginPoints(): void {
  separators = count
  s0 = first
  s1 = second
  s2 = third
  passed = 0
  const least = min(min(tauMem(), tauAdapt()), hasInhibition() ? min(tauSyn(), tauSynInh()) : tauSyn())
  grid = searchHorizon() < BRIEF * HORIZON * least ? Infinity : least / FIRST_STEP
}

/** One after the other: separators alone, or where time constants are far apart what `withGrid` of the twin has; at last Infinity. */
function nextPoint(): f64 {
  const isEven = grid == Infinity
  const at = isEven ? passed : passed / 3
  let point: f64 = at >= separators ? Infinity : at == 0 ? s0 : at == 1 ? s1 : s2
  if (!isEven) point *= 1 + <f64>((passed % 3) - 1) * SEPARATOR_OFF
  if (point <= grid) {
    passed++
    return point
  }
  point = grid
  grid *= 2
  return point
}

/** How far the tail is looked into at first. */
function firstStep(): f64 {
  return searchHorizon() / (FIRST_STEP * HORIZON)
}

function areOpposite(a: f64, b: f64): bool {
  return (a < 0 && b > 0) || (a > 0 && b < 0)
}

/** A sign change of the functional in [from, to], to the last bit. */
function bisect(from: f64, to: f64, last: f64): f64 {
  let low = from
  let high = to
  for (let middle = low + (high - low) / 2; middle > low && middle < high; middle = low + (high - low) / 2) {
    const value = valueAt(middle)
    if ((value > 0 && last > 0) || (value < 0 && last < 0)) high = middle
    else low = middle
  }
  return high
}

function add(zero: f64): void {
  if (count == 0) first = zero
  else if (count == 1) second = zero
  else if (count == 2) third = zero
  // Whatever comes later is rounding: four exponentials have no more.
  else return
  count++
}
