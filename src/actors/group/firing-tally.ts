import type { Observable } from 'rxjs'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { HeldUnits } from '../../network/instance.js'

/** Counts which (trial, neuron) pairs of a slice spike in a run. */
export interface FiringTally {
  readonly group: string
  /** Trials of the run times neurons held. */
  readonly pairs: number
  /** Pairs that have spiked so far. */
  readonly fired: number
  /** A run begins: nothing has spiked. */
  begin(trials: number): void
}

/**
 * Watches the batches that a slice emits, so that silence costs a step per spike instead of one per neuron and trial.
 *
 * @param spikes$ may carry batches of other groups, too; its end is the tally's
 */
export function createFiringTally({ name, start, size }: HeldUnits, spikes$: Observable<SpikeBatch>): FiringTally {
  /** [trial][neuron held], 1 where a spike was seen. */
  let seen = new Uint8Array(0)
  let fired = 0

  spikes$.subscribe(({ stream, offsets, units }) => {
    if (stream !== name) return
    for (let trial = 0; trial + 1 < offsets.length; trial++) {
      const row = trial * size - start
      const end = offsets[trial + 1] as number
      for (let k = offsets[trial] as number; k < end; k++) {
        const pair = row + (units[k] as number)
        if (seen[pair] !== 0) continue
        seen[pair] = 1
        fired++
      }
    }
  })

  return {
    group: name,
    get pairs() {
      return seen.length
    },
    get fired() {
      return fired
    },
    begin(trials) {
      if (seen.length === trials * size) seen.fill(0)
      else seen = new Uint8Array(trials * size)
      fired = 0
    },
  }
}
