import type { Observable } from 'rxjs'
import type { SpikeBatch } from '../../events/spike-batch.js'
import { saturationLimit } from '../../learning/diagnosis/saturation-limit.js'
import type { HeldUnits } from '../../network/instance/instance.js'

/** Counts the spikes of each (trial, neuron) pair of a slice in a run. */
export interface FiringTally {
  readonly group: string
  /** First neuron held. */
  readonly start: number
  /** Trials of the run times neurons held. */
  readonly pairs: number
  /** Pairs that have spiked so far. */
  readonly fired: number
  /** Spikes so far, of all neurons and trials. */
  readonly count: number
  /** Pairs with more spikes so far than `saturationLimit`. */
  readonly saturated: number
  /** Spikes of each neuron held, over all trials so far; a copy. */
  spikes(): Float64Array
  /** A run begins: nothing has spiked. */
  begin(trials: { readonly count: number; readonly until: number }): void
}

/** The neurons that are watched. */
export interface WatchedUnits extends HeldUnits {
  /** In ms, of each neuron held. */
  readonly refractory: ArrayLike<number>
}

/**
 * Watches the batches that a slice emits, so that counting costs a step per spike instead of one per neuron and trial.
 *
 * @param spikes$ may carry batches of other groups, too; its end is the tally's
 */
export function createFiringTally(
  { name, start, size, refractory }: WatchedUnits,
  spikes$: Observable<SpikeBatch>,
): FiringTally {
  /** [trial][neuron held] */
  let counts = new Uint32Array(0)
  /** Spikes in a trial with which a neuron becomes saturated. */
  const crowds = new Float64Array(size)
  const spikes = new Float64Array(size)
  let fired = 0
  let total = 0
  let saturated = 0

  spikes$.subscribe(({ stream, offsets, units }) => {
    if (stream === name) countSpikes(offsets, units)
  })

  function countSpikes(offsets: Uint32Array, units: Uint32Array): void {
    // Numbers of this call alone: variables that functions share are slower, and there may be very many spikes.
    const table = counts
    let first = 0
    let crowded = 0
    for (let trial = 0; trial + 1 < offsets.length; trial++) {
      const row = trial * size - start
      const end = offsets[trial + 1] as number
      for (let k = offsets[trial] as number; k < end; k++) {
        const unit = units[k] as number
        const count = (table[row + unit] as number) + 1
        table[row + unit] = count
        spikes[unit - start] = (spikes[unit - start] as number) + 1
        if (count === 1) first++
        if (count === crowds[unit - start]) crowded++
      }
    }
    fired += first
    total += units.length
    saturated += crowded
  }

  return {
    group: name,
    start,
    get pairs() {
      return counts.length
    },
    get fired() {
      return fired
    },
    get count() {
      return total
    },
    get saturated() {
      return saturated
    },
    spikes: () => spikes.slice(),
    begin({ count, until }) {
      if (counts.length === count * size) counts.fill(0)
      else counts = new Uint32Array(count * size)
      for (let n = 0; n < size; n++) crowds[n] = saturationLimit(until, refractory[n] as number) + 1
      spikes.fill(0)
      fired = 0
      total = 0
      saturated = 0
    },
  }
}
