/** One line of the table of results: what is trained, and what is to be reached. */
export interface ResultRow {
  /** Of the file in results/, and the name by which it is asked for. */
  readonly name: string
  readonly task: string
  /** In words: the network and what it learns. */
  readonly network: string
  /** What stands behind `antidrome train`, without data folder, seeds, name and checkpoints. */
  readonly train: readonly string[]
  /** The files it needs. */
  readonly data?: 'mnist' | 'fashion-mnist'
  readonly seeds: string
  /** Test accuracy in percent; absent in an ablation. */
  readonly bar?: number
  readonly aim?: number
}
