import { currentAfter } from '../equations/crossing'
import {
  adaptationAt,
  checkedShift,
  closeSpikeInterval,
  gradient,
  laneGroup,
  openSpikeInterval,
} from '../events/own-events'
import { FALL, placeOf } from '../events/tape'
import { exp, expm1 } from '../numerics/exp'
import { log1p } from '../numerics/log1p'
import * as header from '../schema/header'
import { I, NEXT_I, NEXT_U, P_A, P_A_TIME, P_I, SINCE, U } from '../schema/lanes'
import {
  CURRENT,
  DONE,
  GRADIENT_BY_ADAPT_STEP,
  GRADIENT_BY_THRESHOLD,
  SPIKE_TIME,
  STATE_ADAPTATION,
  STATE_FALL,
  STATE_FIRED,
} from '../schema/records'
import { open } from './lane-states'
import { lane, setLane } from './lanes'
import { outcome } from './outcome'

/** Whether the parameters of the lane group at work make it polynomial. */
let isByParameters: bool = false

/**
 * Takes up a lane group. It is polynomial if its neurons run through their own spikes in an interval by polynomials of
 * x = e^{-(t - t0)/tauMem}, see shared/own-crossings.ts: with one current that all neurons meet, tauMem 2 or 4 times tauSyn, and no
 * lane with an adaptation, a refractory period, or a level at or below 0 or rest, where spikes recur without arrivals and x loses
 * its digits.
 */
export function takeUpForm(laneGroup: i32): void {
  const hasOneCurrent = header.delays() == 0 && !header.hasInhibition() && header.tausPerNeuron() == 0
  isByParameters = hasOneCurrent && (header.ratio() == 2 || header.ratio() == 4) && areLanesPolynomial(laneGroup)
}

/** Whether the lane group at work is polynomial when it continues from a state; 0: from rest. */
export function isPolynomial(state: usize): bool {
  if (!isByParameters || state == 0) return isByParameters
  // Adaptations of a state that other parameters have left.
  for (let n: usize = 0; n < 8; n++)
    if (load<i32>(state + 4 * n, STATE_FIRED) != 0 && load<f64>(state + 8 * n, STATE_ADAPTATION) != 0) return false
  return true
}

function areLanesPolynomial(laneGroup: i32): bool {
  for (let n: usize = 0; n < 8; n++) {
    const at: usize = 64 * <usize>laneGroup + 8 * n
    const test = load<f64>(header.tests() + at)
    if (!(test > 0 && load<f64>(header.starts() + at) < test && load<f64>(header.resets() + at) < test)) return false
    if (
      load<f64>(header.adaptSteps() + at) != 0 ||
      (header.refractories() != 0 && load<f64>(header.refractories() + at) != 0)
    )
      return false
  }
  return true
}

/**
 * The lanes of a state that have fired since t0, the last arrival: of polynomial ones y stands in SINCE, of others the time of that
 * spike, with U and I then. A state has the other form where other parameters have left it.
 */
export function takeUpOpenLanes(laneGroup: i32, state: usize, t0: f64, runsByPolynomials: bool): void {
  for (let some = open; some != 0; some &= some - 1) {
    const n = ctz(some)
    // With two currents no lane is polynomial, and no saved state has y.
    const y = header.hasInhibition() ? -1 : load<f64>(state + 8 * <usize>n, STATE_FALL)
    if (runsByPolynomials) {
      const d = lane(SINCE, n) - t0
      setLane(SINCE, n, y < 0 ? -expm1(-d * header.perTauMem()) : y)
      if (y < 0) setLane(I, n, lane(I, n) * exp(d * header.perTauSyn()))
      setLane(P_I, n, lane(I, n))
    } else if (y >= 0) {
      const d = -header.tauMem() * log1p(-y)
      setLane(SINCE, n, t0 + d)
      setLane(I, n, currentAfter(lane(I, n), d))
      setLane(U, n, load<f64>(header.resets() + 64 * <usize>laneGroup + 8 * <usize>n))
    }
  }
}

/**
 * Own spike of a polynomial lane at x = e^{-(t - t0)/tauMem} = 1 - y, whose adjoint is that at the start t0 of the interval, where later
 * events are undone, as if the spike were not:
 *
 *     r = (delta - pU / x (I - vReset) / tauMem) / gdot      gdot = (I - theta) / tauMem
 *     pI += (-r x - pU) scale (1 - x^{m - 1})                pU := -r x
 *
 * The rest as in `undoSpike`. False after a fault.
 */
export function undoFall(trial: i32, n: i32, record: usize): bool {
  const at: usize = 64 * <usize>laneGroup + 8 * <usize>n
  const y = load<f64>(record, FALL)
  const x = 1 - y
  const current = load<f64>(record, CURRENT)
  const time = load<f64>(record, SPIKE_TIME)
  const p = lane(NEXT_U, n)
  const reset = load<f64>(header.resets() + at)
  const level = load<f64>(header.thresholds() + at)
  const own = gradient + 64 * <usize>header.rows() + 8 * <usize>n
  if (header.wantsBias()) closeSpikeInterval(n, time, reset)
  const perMem = header.perTauMem()
  const total = load<f64>(header.deltas() + 8 * <usize>placeOf(record)) * x - p * ((current - reset) * perMem)
  let moved: f64 = total == 0 ? 0 : checkedShift(n, at, time, total, (current - level) * perMem, level)
  let r = moved / x
  if (header.rateGradients() != 0) {
    r -= load<f64>(
      header.rateGradients() + 64 * (<usize>trial * <usize>header.laneGroups() + <usize>laneGroup) + 8 * <usize>n,
    )
    moved = r * x
  }
  store<f64>(own, load<f64>(own, GRADIENT_BY_THRESHOLD) + r, GRADIENT_BY_THRESHOLD)
  if (header.wantsAdaptStep()) {
    const pA = adaptationAt(n, time)
    store<f64>(own, load<f64>(own, GRADIENT_BY_ADAPT_STEP) + pA, GRADIENT_BY_ADAPT_STEP)
    setLane(P_A, n, pA + r)
    setLane(P_A_TIME, n, time)
  }
  const share = header.ratio() == 4 ? y * (1 + x + x * x) : y
  setLane(NEXT_I, n, lane(NEXT_I, n) - (moved + p) * (header.scale() * share))
  setLane(NEXT_U, n, -moved)
  if (header.wantsBias()) openSpikeInterval(n, time, -r)
  return outcome == DONE
}
