import { count, next, resumeInjections } from '../events/injections'
import { adjoints, trials } from '../schema/header'
import {
  LANES,
  PROGRESS,
  UNDOING_END,
  UNDOING_INHIBITION,
  UNDOING_INHIBITORY_TAU_FACTORS,
  UNDOING_IS_ALIVE,
  UNDOING_LISTED,
  UNDOING_MET,
  UNDOING_TAKEN,
  UNDOING_TAU_FACTORS,
} from '../schema/lanes'
import { lanes } from './lanes'

/**
 * How far a lane group has come in a trial on the way back, between two windows. Its lanes are kept as they are: the adjoint
 * of those that were met in the interval under way is in rows of their own, with their time; that of the others is that at
 * the end of the interval.
 */

/** What `writeTauFactors` has noted of the instant that ends the interval. */
export const KEPT_TAU_FACTORS: usize = PROGRESS + UNDOING_TAU_FACTORS

/** The lanes of a lane group in a trial. */
export function adjointOf(laneGroup: i32, trial: i32): usize {
  return adjoints() + LANES * (<usize>laneGroup * <usize>trials() + <usize>trial)
}

export function metLanes(): i32 {
  return load<i32>(lanes, PROGRESS + UNDOING_MET)
}

export function isAlive(): bool {
  return load<i32>(lanes, PROGRESS + UNDOING_IS_ALIVE) != 0
}

export function endOfInterval(): usize {
  return <usize>load<u32>(lanes, PROGRESS + UNDOING_END)
}

/** Of that instant, where there are two currents: addresses, as windows that are undone stay where they are. */
export function inhibitionOfEnd(): usize {
  return <usize>load<u32>(lanes, PROGRESS + UNDOING_INHIBITION)
}

export function inhibitoryTauFactorsOfEnd(): usize {
  return <usize>load<u32>(lanes, PROGRESS + UNDOING_INHIBITORY_TAU_FACTORS)
}

export function keepInhibition(inhibition: usize, tauFactors: usize): void {
  store<u32>(lanes, <u32>inhibition, PROGRESS + UNDOING_INHIBITION)
  store<u32>(lanes, <u32>tauFactors, PROGRESS + UNDOING_INHIBITORY_TAU_FACTORS)
}

export function resume(): void {
  resumeInjections(load<i32>(lanes, PROGRESS + UNDOING_LISTED), load<i32>(lanes, PROGRESS + UNDOING_TAKEN))
}

export function keep(met: i32, alive: bool, end: usize): void {
  store<i32>(lanes, met, PROGRESS + UNDOING_MET)
  store<i32>(lanes, alive ? 1 : 0, PROGRESS + UNDOING_IS_ALIVE)
  store<u32>(lanes, <u32>end, PROGRESS + UNDOING_END)
  store<i32>(lanes, count, PROGRESS + UNDOING_LISTED)
  store<i32>(lanes, next, PROGRESS + UNDOING_TAKEN)
}
