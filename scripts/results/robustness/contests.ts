import type { ResultData } from '../rows/row.js'
import { JITTER, type Ladder, LOSS, MISMATCH } from './ladders.js'
import { yinYangCeiling } from './yin-yang-ceiling.js'

/** Trained rows of one task, whose networks are put on worse and worse devices. */
export interface Contest {
  /** Of the files in results/, and the name by which it is asked for. */
  readonly name: string
  readonly task: string
  /** The files it needs. */
  readonly data?: ResultData
  readonly contestants: readonly Contestant[]
  readonly ladders: readonly Ladder[]
  /** Devices per trained network and level. */
  readonly draws: number
  /** Networks of the surrogate run in its time steps, as they learned; otherwise all run event by event, in continuous time. */
  readonly isAsTrained?: boolean
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
    name: 'yin-yang',
    task: 'yin-yang',
    contestants: [
      { text: 'exact, all', row: 'yin-yang-30-all', preset: 'yin-yang-30-all' },
      { text: 'surrogate, weights', row: 'yin-yang-30-surrogate', preset: 'yin-yang-surrogate' },
      { text: 'exact, hardened', row: 'yin-yang-30-hardened', preset: 'yin-yang-30-hardened' },
      { text: 'exact, hardened more', row: 'yin-yang-30-hardened-more', preset: 'yin-yang-30-hardened' },
    ],
    ladders: [JITTER, MISMATCH],
    draws: 5,
    ceiling: yinYangCeiling,
  },
  {
    name: 'temporal-patterns',
    task: 'temporal-patterns',
    contestants: [
      { text: 'exact, all', row: 'temporal-patterns-all', preset: 'temporal-patterns' },
      { text: 'surrogate, weights', row: 'temporal-patterns-surrogate', preset: 'temporal-patterns-weights' },
    ],
    ladders: [JITTER, MISMATCH],
    draws: 5,
  },
  {
    name: 'spoken-digits',
    task: 'events',
    data: 'spoken-digits',
    contestants: [
      { text: 'exact', row: 'spoken-digits-thresholds', preset: 'spoken-digits' },
      { text: 'surrogate', row: 'spoken-digits-surrogate-delays', preset: 'spoken-digits' },
      { text: 'exact, hardened', row: 'spoken-digits-hardened', preset: 'spoken-digits' },
      { text: 'surrogate, hardened', row: 'spoken-digits-surrogate-hardened', preset: 'spoken-digits' },
    ],
    ladders: [
      { ...JITTER, levels: [5, 10, 20] },
      { ...LOSS, levels: [0.1, 0.2, 0.4] },
      { ...MISMATCH, levels: [0.1, 0.2] },
    ],
    draws: 1,
    isAsTrained: true,
  },
]
