import { count, next, resumeInjections } from './injections'
import { lanes, PROGRESS } from './lanes'
import { adjoints, trials } from './plan'

/**
 * How far an octet has come in a trial on the way back, between two windows. Its lanes are kept as they are: the adjoint
 * of those that were met in the interval under way is in rows of their own, with their time; that of the others is that at
 * the end of the interval.
 *
 *     lanes that were met, as bits | whether anything acts on the trial yet | the instant that ends the interval under way |
 *     injections listed, and met | what writeTauFactors has noted of that instant
 */
const MET: usize = PROGRESS
const ALIVE: usize = PROGRESS + 4
const END: usize = PROGRESS + 8
const LISTED: usize = PROGRESS + 12
const TAKEN: usize = PROGRESS + 16
export const KEPT_TAU_FACTORS: usize = PROGRESS + 24
/** Bytes of the lanes with all that. */
const ADJOINT: usize = 1920

export function adjointOf(octet: i32, trial: i32): usize {
  return adjoints() + ADJOINT * (<usize>octet * <usize>trials() + <usize>trial)
}

export function metLanes(): i32 {
  return load<i32>(lanes + MET)
}

export function isAlive(): bool {
  return load<i32>(lanes + ALIVE) != 0
}

export function endOfInterval(): usize {
  return <usize>load<u32>(lanes + END)
}

export function resume(): void {
  resumeInjections(load<i32>(lanes + LISTED), load<i32>(lanes + TAKEN))
}

export function keep(met: i32, alive: bool, end: usize): void {
  store<i32>(lanes + MET, met)
  store<i32>(lanes + ALIVE, alive ? 1 : 0)
  store<u32>(lanes + END, <u32>end)
  store<i32>(lanes + LISTED, count)
  store<i32>(lanes + TAKEN, next)
}
