import type { RateBand } from '../dynamics/models/rate-band.js'
import type { StepOptions } from './session.js'

/** Bands by the names of groups. */
export type RateBands = Readonly<Record<string, RateBand>>

/**
 * Where a trainer puts the bands of spike budgets among the options of a step: no name that options of a caller have, and the same
 * one in every copy of this module, as the built library and sources beside it have one each.
 */
export const RATE_BANDS: unique symbol = Symbol.for('antidrome.rateBands')

/**
 * Heuristic, not a gradient: a step in which neurons of the named groups that spike less than `low` or more than `high`
 * times in a trial are pushed back, see `RateBand`.
 */
export interface BandedStep extends StepOptions {
  readonly [RATE_BANDS]?: RateBands
}

/** What a step has of it, to be copied. */
export function bandsOf(step: BandedStep): Pick<BandedStep, typeof RATE_BANDS> {
  const bands = step[RATE_BANDS]
  return bands === undefined ? {} : { [RATE_BANDS]: bands }
}
