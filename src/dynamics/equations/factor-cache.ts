import { PROPAGATOR_SIZE, propagate } from './propagator.js'
import type { TimeConstants } from './time-constants.js'

/** The propagator's factors; consecutive events at neurons that last saw the same event share one evaluation. */
export class FactorCache {
  private readonly factors = new Float64Array(PROPAGATOR_SIZE)
  private step = -1
  private constants: TimeConstants | null = null

  /** The factors over d ms, in the places of `propagate`; overwritten by the next call. */
  get(constants: TimeConstants, d: number): Float64Array {
    if (d !== this.step || constants !== this.constants) {
      propagate(constants, d, this.factors)
      this.step = d
      this.constants = constants
    }
    return this.factors
  }
}
