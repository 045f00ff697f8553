import type { TimingError } from '../learning/timing-error.js'

/** What records tell of a loss with targets. */
export interface TimingRecord {
  /** Mean of |spike - target| in ms; null if no target has a spike. */
  readonly timingError?: number | null
  /** Share of the targets without a spike. */
  readonly missedTargets?: number
}

export function timingRecord(timing: TimingError | undefined): TimingRecord {
  return timing === undefined ? {} : { timingError: timing.error, missedTargets: timing.missed }
}
