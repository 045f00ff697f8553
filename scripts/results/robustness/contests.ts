/** Two trained rows of one task, whose networks are put on worse and worse devices. */
export interface Contest {
  readonly task: string
  readonly exact: Contestant
  readonly surrogate: Contestant
}

export interface Contestant {
  /** A row of the table of results. */
  readonly row: string
  /** The preset it was trained with. */
  readonly preset: string
}

export const CONTESTS: readonly Contest[] = [
  {
    task: 'yin-yang',
    exact: { row: 'yin-yang-30-all', preset: 'yin-yang-30-all' },
    surrogate: { row: 'yin-yang-30-surrogate', preset: 'yin-yang-surrogate' },
  },
  {
    task: 'temporal-patterns',
    exact: { row: 'temporal-patterns-all', preset: 'temporal-patterns' },
    surrogate: { row: 'temporal-patterns-surrogate', preset: 'temporal-patterns-weights' },
  },
]

/** A kind of noise that grows. */
export interface Ladder {
  /** The setting of `--noise`. */
  readonly noise: 'jitter' | 'thresholdMismatch'
  /** With its unit. */
  readonly title: string
  readonly levels: readonly number[]
  /** What a level is multiplied with to be shown. */
  readonly factor: number
}

export const LADDERS: readonly Ladder[] = [
  {
    noise: 'jitter',
    title: 'jitter of every spike, standard deviation (ms)',
    levels: [0.1, 0.2, 0.5, 1, 2, 5],
    factor: 1,
  },
  {
    noise: 'thresholdMismatch',
    title: 'mismatch of thresholds, standard deviation (%)',
    levels: [0.01, 0.02, 0.05, 0.1, 0.2],
    factor: 100,
  },
]
