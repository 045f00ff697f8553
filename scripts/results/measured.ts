/** A number per seed; std is of the sample, null for one seed. */
export interface Figure {
  readonly mean: number
  readonly std: number | null
  readonly values: readonly number[]
}

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
  readonly testAccuracy: Figure
  /** Mean distance of spikes from their targets in ms, the same way; only of a task that has targets. */
  readonly timingError?: Figure
  /** Targets without a spike, in percent. */
  readonly missedTargets?: Figure
  /** In percent, per seed, behind the last epoch. */
  readonly validationAccuracy: readonly number[]
  readonly epochs: number
  /** Mean over the epochs of all seeds, of training alone. */
  readonly cpuMillisecondsPerSample: number | null
  /** Of the whole command, on a machine of so many cores; null if it was broken off and went on. */
  readonly minutes: number | null
  readonly cores: number
}
