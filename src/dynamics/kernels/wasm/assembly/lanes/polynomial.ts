import { currentAfter } from '../equations/crossing'
import { exp } from '../numerics/exp'
import { expm1 } from '../numerics/expm1'
import { log1p } from '../numerics/log1p'
import {
  adaptSteps,
  delays,
  hasInhibition,
  ownTaus,
  perTauMem,
  perTauSyn,
  ratio,
  refractories,
  resets,
  starts,
  tauMem,
  tests,
} from '../schema/header'
import { I, P_I, SINCE, U } from '../schema/lanes'
import { STATE_ADAPTATION, STATE_FALL, STATE_FIRED } from '../schema/records'
import { open } from './lane-states'
import { lane, setLane } from './lanes'

/** Whether the parameters of the lane group at work make it polynomial. */
let isByParameters: bool = false

/**
 * Takes up a lane group. It is polynomial if its neurons run through their own spikes in an interval by polynomials of
 * x = e^{-(t - t0)/tauMem}, see shared/own-crossings.ts: with one current that all neurons meet, tauMem 2 or 4 times tauSyn, and no
 * lane with an adaptation, a refractory period, or a level at or below 0 or rest, where spikes recur without arrivals and x loses
 * its digits.
 */
export function takeUpForm(laneGroup: i32): void {
  const hasOneCurrent = delays() == 0 && !hasInhibition() && ownTaus() == 0
  isByParameters = hasOneCurrent && (ratio() == 2 || ratio() == 4) && areLanesPolynomial(laneGroup)
}

/** Whether the lane group at work is polynomial where it goes on from a state; 0: from rest. */
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
    const test = load<f64>(tests() + at)
    if (!(test > 0 && load<f64>(starts() + at) < test && load<f64>(resets() + at) < test)) return false
    if (load<f64>(adaptSteps() + at) != 0 || (refractories() != 0 && load<f64>(refractories() + at) != 0)) return false
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
    const y = hasInhibition() ? -1 : load<f64>(state + 8 * <usize>n, STATE_FALL)
    if (runsByPolynomials) {
      const d = lane(SINCE, n) - t0
      setLane(SINCE, n, y < 0 ? -expm1(-d * perTauMem()) : y)
      if (y < 0) setLane(I, n, lane(I, n) * exp(d * perTauSyn()))
      setLane(P_I, n, lane(I, n))
    } else if (y >= 0) {
      const d = -tauMem() * log1p(-y)
      setLane(SINCE, n, t0 + d)
      setLane(I, n, currentAfter(lane(I, n), d))
      setLane(U, n, load<f64>(resets() + 64 * <usize>laneGroup + 8 * <usize>n))
    }
  }
}
