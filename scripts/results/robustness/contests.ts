import { yinYangCeiling } from './yin-yang-ceiling.js'

/** Trained rows of one task, whose networks are put on worse and worse devices. */
export interface Contest {
  readonly task: string
  readonly contestants: readonly Contestant[]
  /** Accuracy in percent that nobody exceeds under jitter of so many ms. */
  readonly ceiling?: (jitter: number) => number
}

export interface Contestant {
  /** In words, for the picture. */
  readonly text: string
  /** A row of the table of results. */
  readonly row: string
  /** The preset it was trained with. */
  readonly preset: string
}

export const CONTESTS: readonly Contest[] = [
  {
    task: 'yin-yang',
    contestants: [
      { text: 'exact, all', row: 'yin-yang-30-all', preset: 'yin-yang-30-all' },
      { text: 'surrogate, weights', row: 'yin-yang-30-surrogate', preset: 'yin-yang-surrogate' },
      { text: 'exact, hardened', row: 'yin-yang-30-hardened', preset: 'yin-yang-30-hardened' },
      { text: 'exact, hardened more', row: 'yin-yang-30-hardened-more', preset: 'yin-yang-30-hardened' },
    ],
    ceiling: yinYangCeiling,
  },
  {
    task: 'temporal-patterns',
    contestants: [
      { text: 'exact, all', row: 'temporal-patterns-all', preset: 'temporal-patterns' },
      { text: 'surrogate, weights', row: 'temporal-patterns-surrogate', preset: 'temporal-patterns-weights' },
    ],
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
