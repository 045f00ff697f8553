import type { SpikeTrains } from './spike-trains.js'

/**
 * Spikes that a group emits, and others that it only asks about: what one more spike of a unit at a time would do to the
 * loss. These pseudo-spikes are inert forward, no watermark depends on them, and what returns for them is that effect.
 */
export interface EmittedSpikes extends SpikeTrains {
  /** Of each trial in any order; absent: none. */
  readonly pseudo?: SpikeTrains
}

/** How many values return for them per node: of the spikes, then of the pseudo-spikes. */
export function returnedCount({ times, pseudo }: EmittedSpikes): number {
  return times.length + (pseudo?.times.length ?? 0)
}
