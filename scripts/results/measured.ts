import type { Spread } from '../../dist/learning/spread.js'

/** What the file of a row in results/ holds. */
export interface Measured {
  readonly row: string
  readonly task: string
  readonly network: string
  /** As a user types it. */
  readonly command: string
  readonly bar: number | null
  readonly aim: number | null
  /** In percent, of the test split, which is measured once, behind the last epoch. */
  readonly testAccuracy: Spread
  /** Mean distance of spikes from their targets in ms, the same way; only of a task that has targets. */
  readonly timingError?: Spread
  /** Targets without a spike, in percent. */
  readonly missedTargets?: Spread
  /** Of hidden neurons per sample of the test split; absent where they were not counted. */
  readonly hiddenSpikes?: Spread
  /** In percent, per seed, behind the last epoch. */
  readonly validationAccuracy: readonly number[]
  readonly epochs: number
  /** Mean over the epochs of all seeds, of training alone. */
  readonly cpuMillisecondsPerSample: number | null
  /** Of the whole command, on a machine of so many cores; null if it was broken off and went on. */
  readonly minutes: number | null
  readonly cores: number
}
