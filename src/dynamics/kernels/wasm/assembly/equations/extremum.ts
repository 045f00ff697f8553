import { log1p } from '../numerics/log1p'
import { perTauMem, perTauSyn, perTauSynInh, rateGap, searchHorizon, tauSyn, tauSynInh } from '../schema/header'
import { iNow, jNow, look, setOff, slope } from './course'
import { decayMem, decayMemM1, kappa, propagate } from './propagator'
import { whenCurrentFalls, whenInhibitionPrevails } from './two-currents-crossing'

/**
 * When the one extremum of U = U0 e^{-t/tauMem} + kappa(t) I0 is, a maximum where U rises at first:
 *
 *     t = q log1p(gap q) / (gap q),   q = tauSyn (1 - U0 / I0)      (q as gap -> 0)
 *
 * Below 0 if there is none for t > 0.
 */
export function extremumAfter(u: f64, i: f64): f64 {
  const q = (tauSyn() * (i - u)) / i
  const x = rateGap() * q
  if (!(q > 0) || q == Infinity || !(x > -1)) return -1
  return x == 0 ? q : q * (log1p(x) / x)
}

/** U after t ms. */
export function heightAfter(u: f64, i: f64, t: f64): f64 {
  propagate(t)
  return decayMemM1 > -0.4 ? u + (u * decayMemM1 + kappa * i) : u * decayMem + kappa * i
}

/**
 * When U has its maximum inside an interval of d ms, of which there is one at most: e^{t/tauMem} U' falls, if anywhere, from
 * when on I + J falls until it does no longer. Infinity where U still rises at the end, after a fall maybe; -1 where it does
 * not rise there, and has not risen before.
 */
export function maximumOfTwo(u: f64, i: f64, j: f64, d: f64): f64 {
  // Under inhibition alone U falls, or rises to what it has been.
  if (i == 0) return -1
  setOff(u, i, j, 0, 0)
  const goesFirst = tauSynInh() < tauSyn()
  const from = goesFirst ? whenCurrentFalls(i, j) : 0
  const to = goesFirst ? d : min(d, whenInhibitionPrevails(i, j))
  if (!(from < to)) return -1
  if (from > 0) look(from)
  return slope > 0 ? whenSlopeEnds(from, to) : -1
}

/** When U ceases to rise, which it does at `from`; Infinity: not before `to`. */
function whenSlopeEnds(from: f64, to: f64): f64 {
  const limit = min(to, from + searchHorizon())
  let low = from
  let high = from
  for (let step = searchHorizon() / 1024; high < limit; step *= 2) {
    low = high
    high = min(high + step, limit)
    look(high)
    if (slope < 0) break
  }
  if (!(slope < 0)) return Infinity
  let d = high
  do {
    if (slope < 0) high = d
    else low = d
    const bend = -(slope + iNow * perTauSyn() + jNow * perTauSynInh()) * perTauMem()
    d -= slope / bend
    if (!(d > low && d < high)) d = low + (high - low) / 2
    look(d)
  } while (d > low && d < high)
  return high
}
