/** What a file of results/ holds. */
export interface Measured {
  readonly row: string
  readonly task: string
  readonly network: string
  /** As a user types it. */
  readonly command: string
  readonly bar: number | null
  readonly aim: number | null
  /** In percent, of the test split, which is measured once, behind the last epoch; std is of the sample, null for one seed. */
  readonly testAccuracy: { readonly mean: number; readonly std: number | null; readonly values: readonly number[] }
  /** In percent, per seed, behind the last epoch. */
  readonly validationAccuracy: readonly number[]
  readonly epochs: number
  /** Mean over the epochs of all seeds, of training alone. */
  readonly cpuMillisecondsPerSample: number | null
  /** Of the whole command, on a machine of so many cores; null if it was broken off and went on. */
  readonly minutes: number | null
  readonly cores: number
}
