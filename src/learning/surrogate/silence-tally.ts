import type { GridNetwork } from './grid-network.js'

/** Counts which (trial, neuron) pairs spike in a mini-batch. */
export class SilenceTally {
  private readonly groups: readonly {
    readonly name: string
    readonly trials: Int32Array
    readonly last: Int32Array
  }[]
  private trial = 0

  /** @param names of lif groups */
  constructor(
    private readonly network: GridNetwork,
    names: readonly string[],
  ) {
    this.groups = names.map((name) => {
      const { size } = network.neuronsOf(name)
      return { name, trials: new Int32Array(size), last: new Int32Array(size) }
    })
  }

  /** The next trial. */
  add(): void {
    this.trial++
    for (const { name, trials, last } of this.groups) {
      const { units, count } = this.network.rasterOf(name) ?? { units: new Int32Array(0), count: 0 }
      for (let k = 0; k < count; k++) {
        const unit = units[k] as number
        if (last[unit] === this.trial) continue
        last[unit] = this.trial
        trials[unit] = (trials[unit] as number) + 1
      }
    }
  }

  /** Share of pairs without a spike, over all groups but one. */
  silentFraction(except: string | null): number {
    const counted = this.groups.filter(({ name }) => name !== except)
    const pairs = counted.reduce((sum, { trials }) => sum + trials.length, 0) * this.trial
    const fired = counted.reduce((sum, { trials }) => sum + trials.reduce((all, count) => all + count, 0), 0)
    return pairs === 0 ? 0 : (pairs - fired) / pairs
  }

  /** Per neuron, 1 if it has not spiked in any trial. */
  silentThroughout(group: string): Uint8Array {
    const { trials } = this.groups.find(({ name }) => name === group) ?? { trials: new Int32Array(0) }
    return Uint8Array.from(trials, (count) => (count === 0 ? 1 : 0))
  }

  /** Whether a neuron is silent in the last trial. */
  isSilent(group: string, unit: number): boolean {
    return this.groups.find(({ name }) => name === group)?.last[unit] !== this.trial
  }
}
