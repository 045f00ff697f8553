import type { SpikesPerUnit } from '../chip-placement/spikes-per-unit.js'

/** What a run did, as far as its cost on a chip depends on it; sums over all trials. */
export interface Tally {
  readonly trials: number
  /** Steps of all trials together. */
  readonly steps: number
  /** Of each unit of every group that spikes, or of each of its units alike. */
  readonly spikes: SpikesPerUnit
  /** Steps in which something arrived at a neuron or it spiked, of every group of neurons. */
  readonly activeSteps: SpikesPerUnit
  /** Model time of a step, ms; where it is known. */
  readonly tickMs?: number
}
