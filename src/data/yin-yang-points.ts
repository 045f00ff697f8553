import { type Readers, recordOf } from '../network/reading/read-fields.js'
import { integerFrom } from '../network/reading/read-number.js'
import { createMt19937 } from './mt19937.js'
import { insideYinYang, R_BIG, yinYangClass } from './yin-yang-disc.js'

/** Points of the Yin-Yang disc and their classes. */
export interface YinYangPoints {
  readonly size: number
  /** x, y, 1 - x, 1 - y of every point, row-major [point][feature]; each in [0, 1]. */
  readonly features: Float64Array
  /** 0 yang, 1 yin, 2 dot. */
  readonly labels: Uint8Array
}

/** Seed and size of the published splits. */
export const YIN_YANG_SPLITS = {
  train: { seed: 42, size: 5000 },
  validation: { seed: 41, size: 1000 },
  test: { seed: 40, size: 1000 },
} as const

export const YIN_YANG_FEATURES = 4

/** How many points are drawn, and from which seed. */
export interface YinYangDraw {
  readonly seed: number
  readonly size: number
}

const READERS: Readers<YinYangDraw> = { seed: integerFrom(0), size: integerFrom(0) }

/**
 * The Yin-Yang points of one seed, equal to the published data set bit by bit.
 *
 * Each point draws its class first and is then drawn on the disc until it has that class.
 * Source: Kriener, Göltz & Petrovici 2022 (arXiv 2102.08211).
 */
export function yinYangPoints(options: YinYangDraw): YinYangPoints {
  const { seed, size } = recordOf(READERS)(options, 'options')
  const random = createMt19937(seed)
  const features = new Float64Array(size * YIN_YANG_FEATURES)
  const labels = new Uint8Array(size)
  for (let point = 0; point < size; point++) {
    const goal = random.below(3)
    let x: number
    let y: number
    do {
      x = random.uniform() * 2 * R_BIG
      y = random.uniform() * 2 * R_BIG
    } while (!insideYinYang(x, y) || yinYangClass(x, y) !== goal)
    labels[point] = goal
    features.set([x, y, 1 - x, 1 - y], point * YIN_YANG_FEATURES)
  }
  return { size, features, labels }
}
