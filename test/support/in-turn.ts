import { isLong } from './cases-of.js'

/**
 * What a case is tried with: each of `all` in a long run, in a short one the next in turn, so that neighbouring cases cover
 * them.
 */
export function inTurn<T>(all: readonly T[], turn: number): readonly T[] {
  return isLong() ? all : all.slice(turn % all.length, (turn % all.length) + 1)
}
