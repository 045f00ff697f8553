import { lane, setLane } from '../lanes/lanes'
import { outcome } from '../lanes/outcome'
import {
  deltas,
  laneGroups,
  perTauMem,
  pushes,
  ratio,
  resets,
  rows,
  scale,
  thresholds,
  wantsAdaptStep,
  wantsBias,
} from '../schema/header'
import { NEXT_I, NEXT_U, P_A, P_A_TIME } from '../schema/lanes'
import {
  CURRENT,
  DONE,
  GRADIENT_BY_ADAPT_STEP,
  GRADIENT_BY_THRESHOLD,
  GRADIENTS,
  RECORD,
  SPIKE_TIME,
  SPIKES,
  STATE,
  TAPE,
} from '../schema/records'
import { countBoth, countRead } from '../traffic'
import { adaptationAt, checkedShift, closeSpikeInterval, gradient, laneGroup, openSpikeInterval } from './own-events'
import { FALL, placeOf } from './tape'

/** The own spikes of polynomial lanes in a window: the record, dL/dt, pU and pI, the gradient. */
export function countFalls(spikes: usize): void {
  countRead(TAPE, RECORD * spikes)
  countRead(SPIKES, 8 * spikes)
  countBoth(STATE, (wantsAdaptStep() ? 32 : 16) * spikes)
  countBoth(GRADIENTS, (wantsAdaptStep() ? 16 : 8) * spikes)
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
  const reset = load<f64>(resets() + at)
  const level = load<f64>(thresholds() + at)
  const own = gradient + 64 * <usize>rows() + 8 * <usize>n
  if (wantsBias()) closeSpikeInterval(n, time, reset)
  const perMem = perTauMem()
  const total = load<f64>(deltas() + 8 * <usize>placeOf(record)) * x - p * ((current - reset) * perMem)
  let moved: f64 = total == 0 ? 0 : checkedShift(n, at, time, total, (current - level) * perMem, level)
  let r = moved / x
  if (pushes() != 0) {
    r -= load<f64>(pushes() + 64 * (<usize>trial * <usize>laneGroups() + <usize>laneGroup) + 8 * <usize>n)
    moved = r * x
  }
  store<f64>(own, load<f64>(own, GRADIENT_BY_THRESHOLD) + r, GRADIENT_BY_THRESHOLD)
  if (wantsAdaptStep()) {
    const pA = adaptationAt(n, time)
    store<f64>(own, load<f64>(own, GRADIENT_BY_ADAPT_STEP) + pA, GRADIENT_BY_ADAPT_STEP)
    setLane(P_A, n, pA + r)
    setLane(P_A_TIME, n, time)
  }
  const share = ratio() == 4 ? y * (1 + x + x * x) : y
  setLane(NEXT_I, n, lane(NEXT_I, n) - (moved + p) * (scale() * share))
  setLane(NEXT_U, n, -moved)
  if (wantsBias()) openSpikeInterval(n, time, -r)
  return outcome == DONE
}
