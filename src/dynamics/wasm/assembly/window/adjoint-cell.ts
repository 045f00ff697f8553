import { pairs, tauStates } from '../schema/adjoint-plan'
import { TAU_STATE } from '../schema/adjoint-records'
import { cellShear, isUnscaled, keepRests, keeps, neurons } from '../schema/window-plan'
import { undoArrivals } from './adjoint-arrivals'
import { undoDrives } from './adjoint-drives'
import { closeFirstStretches, undoOwnEvents } from './adjoint-events'
import { closeStretches } from './adjoint-stretches'
import { retreatUnscaledCells } from './unscaled/adjoint'
import { forgetFactors } from './unscaled/adjoint-arrivals'
import { closeUnscaledTrial, undoUnscaledEvents } from './unscaled/adjoint-events'

/** What is smaller has no bearing on anything, and would take long to compute with. */
const LEAST: f64 = 1e-290

/** Brings the adjoints back by some cells, from start to start; returns whether any is not 0 then. */
export function retreatCells(count: i32): bool {
  if (isUnscaled()) return retreatUnscaledCells(count)
  const all = <usize>neurons()
  let some = scaleBack(pairs(), all, 16, count, keeps(), keepRests(), cellShear())
  const taus = tauStates()
  if (taus == 0) return v128.any_true(some)
  const keep = v128.shuffle<i64>(keeps(), keeps(), 0, 0)
  const rest = v128.shuffle<i64>(keepRests(), keepRests(), 0, 0)
  some = v128.or(some, scaleBack(taus, all, TAU_STATE, count, keep, rest, 0))
  return v128.any_true(some)
}

/** Multiplies pairs by keep + rest, and shears them, once for each cell. */
function scaleBack(at: usize, pairCount: usize, step: usize, cells: i32, keep: v128, rest: v128, shear: f64): v128 {
  const least = f64x2.splat(LEAST)
  let some = f64x2.splat(0)
  for (const end = at + step * pairCount; at < end; at += step) {
    let now = v128.load(at)
    for (let k = 0; k < cells && v128.any_true(now); k++) {
      now = f64x2.add(f64x2.mul(now, keep), f64x2.mul(now, rest))
      if (shear != 0) now = f64x2.replace_lane(now, 0, f64x2.extract_lane(now, 0) + f64x2.extract_lane(now, 1) * shear)
      now = v128.and(now, f64x2.ge(f64x2.abs(now), least))
    }
    v128.store(at, now)
    some = v128.or(some, now)
  }
  return some
}

/** Undoes what happens in a cell: own events first, then every arrival takes the adjoint of its stretch. */
export function undoCell(): void {
  if (isUnscaled()) {
    forgetFactors()
    undoUnscaledEvents()
  } else undoOwnEvents()
  undoArrivals()
  undoDrives()
  closeStretches()
}

/** Undoes the first stretch of every neuron in a trial. */
export function closeTrial(): void {
  if (isUnscaled()) closeUnscaledTrial()
  else closeFirstStretches()
}
