import { saturationLimit } from '../diagnosis/saturation-limit.js'
import type { GroupDiagnosis } from '../session.js'
import type { GridLif } from './grid-lif.js'

/** What one group did in a mini-batch. */
interface GroupTally {
  readonly group: GridLif
  /** Of each neuron: spikes in the present trial and over all, and trials in which it spiked. */
  readonly counts: Int32Array
  readonly spikes: Float64Array
  readonly trials: Int32Array
  /** Spikes in a trial with which a neuron becomes saturated. */
  readonly crowds: Float64Array
  saturated: number
}

/**
 * Counts the spikes of each (trial, neuron) pair in a mini-batch, trial after trial; exact sessions count all trials of a slice
 * at once (`createFiringTally`).
 */
export class GridTally {
  private readonly groups: readonly GroupTally[]
  private trials = 0

  /** @param until end of the trials in ms */
  constructor(groups: readonly GridLif[], until: number) {
    this.groups = groups.map((group) => {
      const { size } = group
      return {
        group,
        counts: new Int32Array(size),
        spikes: new Float64Array(size),
        trials: new Int32Array(size),
        crowds: group.values.refractory.map((refractory) => saturationLimit(until, refractory) + 1),
        saturated: 0,
      }
    })
  }

  /** The next trial. */
  add(): void {
    this.trials++
    for (const tally of this.groups) {
      const { group, counts, spikes, trials, crowds } = tally
      const { units, count } = group.raster
      counts.fill(0)
      for (let k = 0; k < count; k++) {
        const unit = units[k] as number
        const now = (counts[unit] as number) + 1
        counts[unit] = now
        spikes[unit] = (spikes[unit] as number) + 1
        if (now === 1) trials[unit] = (trials[unit] as number) + 1
        if (now === crowds[unit]) tally.saturated++
      }
    }
  }

  /** Share of (neuron, trial) pairs without a spike, over all groups but one. */
  silentFraction(except: string | null): number {
    const counted = this.groups.filter(({ group }) => group.values.name !== except)
    const pairs = counted.reduce((sum, { group }) => sum + group.size, 0) * this.trials
    return pairs === 0 ? 0 : counted.reduce((sum, tally) => sum + this.silentPairs(tally), 0) / pairs
  }

  /** Spikes over all trials, of all groups but one. */
  spikesBut(except: string | null): number {
    const counted = this.groups.filter(({ group }) => group.values.name !== except)
    return counted.reduce((sum, { spikes }) => sum + spikes.reduce((total, count) => total + count, 0), 0)
  }

  /** Per neuron, 1 if it has not spiked in any trial. */
  silentThroughout(name: string): Uint8Array {
    return Uint8Array.from(this.of(name)?.trials ?? [], (count) => (count === 0 ? 1 : 0))
  }

  /** Spikes of a neuron in the last trial. */
  countOf(name: string, unit: number): number {
    return this.of(name)?.counts[unit] ?? 0
  }

  /** Whether a neuron is silent in the last trial. */
  isSilent(name: string, unit: number): boolean {
    return this.of(name)?.counts[unit] === 0
  }

  /** How a group fired; of one that has no spikes, nothing. */
  firing(name: string): Omit<GroupDiagnosis, 'gradientNorm'> {
    const tally = this.of(name)
    if (tally === undefined) return { spikes: new Float64Array(0), pairs: 0, silent: 0, saturated: 0, grazing: 0 }
    const { spikes, saturated, group } = tally
    return { spikes, pairs: group.size * this.trials, silent: this.silentPairs(tally), saturated, grazing: 0 }
  }

  private silentPairs({ group, trials }: GroupTally): number {
    return group.size * this.trials - trials.reduce((sum, count) => sum + count, 0)
  }

  private of(name: string): GroupTally | undefined {
    return this.groups.find(({ group }) => group.values.name === name)
  }
}
