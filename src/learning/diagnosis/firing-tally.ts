import type { HeldUnits } from '../../network/instance/instance.js'
import type { SliceFiring } from './merge-diagnosis.js'

/** Counts the spikes of each (trial, neuron) pair of a slice in a run. */
export interface FiringTally {
  readonly group: string
  /** Trials of the run times neurons held. */
  readonly pairs: number
  /** Pairs that have spiked so far. */
  readonly fired: number
  /** Spikes so far, of all neurons and trials. */
  readonly count: number
  /** Spikes so far of a neuron held in a trial. */
  countOf(trial: number, neuron: number): number
  /** How the slice fired so far, as copies. */
  firing(): Omit<SliceFiring, 'grazing'>
  /** A run begins: nothing has spiked. */
  begin(trials: { readonly count: number; readonly until: number }): void
  /** Counts more spikes, of all trials or of those from `first` on. */
  add(spikes: { readonly offsets: ArrayLike<number>; readonly units: ArrayLike<number> }, first?: number): void
}

/** The neurons whose spikes are counted. */
export interface CountedUnits extends Pick<HeldUnits, 'name' | 'start' | 'size'> {
  /** In ms, of each neuron held. */
  readonly refractory: ArrayLike<number>
}

/** Counts spikes as they come, so that it costs a step per spike instead of one per neuron and trial. */
export function createFiringTally({ name, start, size, refractory }: CountedUnits): FiringTally {
  /** [trial][neuron held] */
  let counts = new Uint32Array(0)
  /** Spikes in a trial with which a neuron becomes saturated. */
  const crowds = new Float64Array(size)
  const spikes = new Float64Array(size)
  let fired = 0
  let total = 0
  let saturated = 0

  return {
    group: name,
    get pairs() {
      return counts.length
    },
    get fired() {
      return fired
    },
    get count() {
      return total
    },
    countOf: (trial, neuron) => counts[trial * size + neuron] ?? 0,
    firing: () => {
      const pairs = counts.length
      return { group: name, start, spikes: spikes.slice(), pairs, silent: pairs - fired, saturated }
    },
    begin({ count, until }) {
      if (counts.length === count * size) counts.fill(0)
      else counts = new Uint32Array(count * size)
      for (let n = 0; n < size; n++) crowds[n] = saturationLimit(until, refractory[n] as number) + 1
      spikes.fill(0)
      fired = 0
      total = 0
      saturated = 0
    },
    add({ offsets, units }, first = 0) {
      // Numbers of this call alone: variables that functions share are slower, and there may be very many spikes.
      const table = counts
      let newly = 0
      let crowded = 0
      for (let trial = 0; trial + 1 < offsets.length; trial++) {
        const row = (first + trial) * size - start
        const end = offsets[trial + 1] as number
        for (let k = offsets[trial] as number; k < end; k++) {
          const unit = units[k] as number
          const count = (table[row + unit] as number) + 1
          table[row + unit] = count
          spikes[unit - start] = (spikes[unit - start] as number) + 1
          if (count === 1) newly++
          if (count === crowds[unit - start]) crowded++
        }
      }
      fired += newly
      total += offsets[offsets.length - 1] as number
      saturated += crowded
    },
  }
}

/** How hidden neurons fired: those of all LIF groups but the loss's; nothing of a run without a loss. */
export function hiddenFiring(tallies: readonly FiringTally[], lossGroup: string | null) {
  const sum = { pairs: 0, silent: 0, hiddenSpikes: 0 }
  for (const { group, pairs, fired, count } of tallies) {
    if (lossGroup === null || group === lossGroup) continue
    sum.pairs += pairs
    sum.silent += pairs - fired
    sum.hiddenSpikes += count
  }
  return sum
}

/** The share of (hidden neuron, trial) pairs without a spike. */
export function silentFraction(parts: readonly { readonly pairs: number; readonly silent: number }[]): number {
  const pairs = parts.reduce((sum, part) => sum + part.pairs, 0)
  return pairs === 0 ? 0 : parts.reduce((sum, part) => sum + part.silent, 0) / pairs
}

/** Spikes of a neuron in a trial. */
const MANY = 20

/**
 * A neuron is saturated in a trial in which it spikes more often than this: 20 times, or so often that it spends more than
 * half of the trial in its refractory periods.
 *
 *     min(20, until / (2 refractory))
 *
 * A heuristic for people, on which nothing depends: exact training uses a few spikes of a neuron, and many of them cost
 * time and blur what a single one says.
 *
 * @param until length of the trial in ms; may be infinite
 * @param refractory in ms
 */
export function saturationLimit(until: number, refractory: number): number {
  return Math.min(MANY, Math.floor(until / (2 * refractory)))
}
