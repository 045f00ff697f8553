import { log1p } from '../numerics/log1p'
import { HORIZON } from '../schema/constants'
import {
  perTauMem,
  perTauSyn,
  perTauSynInh,
  searchHorizon,
  tauAdapt,
  tauMem,
  tauSyn,
  tauSynInh,
} from '../schema/header'
import { aNow, excess, iNow, jNow, look, refineCrossing, setOff, slope } from './course'

/** A functional of the course, mem U' + exc I + inh J + adapt A: the one at work. */
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
  findExtrema(i, j, a)
  const horizon = searchHorizon()
  let from: f64 = 0
  for (let k = 0; k < count; k++) {
    const extremum = zeroAt(k)
    if (extremum > horizon) break
    look(extremum)
    if (excess >= 0) return refineCrossing(from, extremum)
    from = extremum
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
function findExtrema(i: f64, j: f64, a: f64): void {
  const adapts = a != 0
  const hasBoth = i != 0 && j != 0
  take(1, 0, 0, 1 / tauAdapt())
  if (adapts) eliminate(tauAdapt())
  const mem1 = mem
  const exc1 = exc
  const inh1 = inh
  const adapt1 = adapt
  if (hasBoth) eliminate(tauSynInh())
  solveLast(i, j)
  if (hasBoth) {
    take(mem1, exc1, inh1, adapt1)
    searchBetween()
  }
  if (adapts) {
    take(1, 0, 0, 1 / tauAdapt())
    searchBetween()
  }
}

function take(byMem: f64, byExc: f64, byInh: f64, byAdapt: f64): void {
  mem = byMem
  exc = byExc
  inh = byInh
  adapt = byAdapt
}

/** (d/dt + 1/tau) applied to the functional: eliminates e^{-t/tau}. */
function eliminate(tau: f64): void {
  exc = exc * rateDifference(tau, tauSyn()) - mem * perTauSyn() * perTauMem()
  inh = inh * rateDifference(tau, tauSynInh()) - mem * perTauSynInh() * perTauMem()
  adapt *= rateDifference(tau, tauAdapt())
  mem *= rateDifference(tau, tauMem())
}

/** 1/a - 1/b, to full precision. */
function rateDifference(a: f64, b: f64): f64 {
  return (b - a) / (a * b)
}

function valueAt(d: f64): f64 {
  look(d)
  return mem * slope + exc * iNow + inh * jNow + adapt * aNow
}

/**
 * The zero of h = e^{-t/tauMem} (h(0) + c I(0) phi(t)), phi(t) = (e^{delta t} - 1)/delta, delta = 1/tauMem - 1/tauSyn:
 *
 *     t = log1p(delta q) / delta,   q = -h(0) / (c I(0))          (q as delta -> 0)
 *
 * Here one current is left, the excitatory one unless it is zero. None if t <= 0.
 */
function solveLast(i: f64, j: f64): void {
  count = 0
  const isExc = i != 0
  const tau = isExc ? tauSyn() : tauSynInh()
  const delta = rateDifference(tauMem(), tau)
  const drive = ((isExc ? exc : inh) * delta - (mem / tau) * perTauMem()) * (isExc ? i : j)
  const q = -valueAt(0) / drive
  if (!(q > 0) || q == Infinity) return
  const x = delta * q
  if (!(x > -1)) return
  count = 1
  first = x == 0 ? q : q * (log1p(x) / x)
}

/** The zeros of the functional, between those that were found last. */
function searchBetween(): void {
  const separators = count
  const s0 = first
  const s1 = second
  const horizon = searchHorizon()
  count = 0
  let from: f64 = 0
  let last = valueAt(0)
  for (let k = 0; k < separators; k++) {
    const separator = k == 0 ? s0 : s1
    if (separator > horizon) break
    const next = valueAt(separator)
    if (areOpposite(last, next)) add(bisect(from, separator, next))
    if (next != 0) last = next
    from = separator
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

/** How far the tail is looked into at first. */
function firstStep(): f64 {
  return searchHorizon() / (16 * HORIZON)
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
  else third = zero
  count++
}

function zeroAt(k: i32): f64 {
  return k == 0 ? first : k == 1 ? second : third
}
