import { pairs, tauStates } from '../schema/adjoint-header'
import { TAU_STATE } from '../schema/adjoint-records'
import { binShear, isUnscaled, keepRests, keeps, neurons } from '../schema/window-header'
import { undoArrivals } from './adjoint-arrivals'
import { closeFirstSpikeIntervals, undoOwnEvents } from './adjoint-events'
import { undoPoissonInputs } from './adjoint-poisson-inputs'
import { closeSpikeIntervals } from './adjoint-spike-intervals'
import { Scaled, Unscaled } from './forms'
import { backwardUnscaledBins, LEAST } from './unscaled/adjoint'
import { forgetFactors } from './unscaled/adjoint-arrivals'

/** Brings the adjoints back by some bins, from start to start; returns whether any is not 0 then. */
export function backwardBins(count: i32): bool {
  if (isUnscaled()) return backwardUnscaledBins(count)
  const all = <usize>neurons()
  let some = scaleBack(pairs(), all, 16, count, keeps(), keepRests(), binShear())
  const taus = tauStates()
  if (taus == 0) return v128.any_true(some)
  const keep = v128.shuffle<i64>(keeps(), keeps(), 0, 0)
  const rest = v128.shuffle<i64>(keepRests(), keepRests(), 0, 0)
  some = v128.or(some, scaleBack(taus, all, TAU_STATE, count, keep, rest, 0))
  return v128.any_true(some)
}

/** Multiplies pairs by keep + rest, and shears them, once for each bin. */
function scaleBack(at: usize, pairCount: usize, step: usize, bins: i32, keep: v128, rest: v128, shear: f64): v128 {
  const least = f64x2.splat(LEAST)
  let some = f64x2.splat(0)
  for (const end = at + step * pairCount; at < end; at += step) {
    let now = v128.load(at)
    for (let k = 0; k < bins && v128.any_true(now); k++) {
      now = f64x2.add(f64x2.mul(now, keep), f64x2.mul(now, rest))
      if (shear != 0) now = f64x2.replace_lane(now, 0, f64x2.extract_lane(now, 0) + f64x2.extract_lane(now, 1) * shear)
      now = v128.and(now, f64x2.ge(f64x2.abs(now), least))
    }
    v128.store(at, now)
    some = v128.or(some, now)
  }
  return some
}

/** Undoes what happens in a bin: own events first, then every arrival takes the adjoint of its inter-spike interval. */
export function undoBin(): void {
  forgetFactors()
  if (isUnscaled()) undoOwnEvents<Unscaled>()
  else undoOwnEvents<Scaled>()
  undoArrivals()
  undoPoissonInputs()
  closeSpikeIntervals()
}

/** Undoes the first inter-spike interval of every neuron in a trial. */
export function closeTrial(): void {
  if (isUnscaled()) closeFirstSpikeIntervals<Unscaled>()
  else closeFirstSpikeIntervals<Scaled>()
}
