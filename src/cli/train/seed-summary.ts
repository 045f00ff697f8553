import { type Spread, spreadOf } from '../../learning/spread.js'
import type { TrainingResult } from './training-result.js'

/** What trainings of several seeds end with. */
export interface SeedSummary {
  readonly done: true
  /** How many there were. */
  readonly seeds: number
  /** 0 to 1, on the test split; values in the order of the seeds. */
  readonly testAccuracy: Spread
  /** The folder that holds a run per seed. */
  readonly run: string
  readonly runs: readonly TrainingResult[]
}

export function summaryOfSeeds(run: string, runs: readonly TrainingResult[]): SeedSummary {
  const testAccuracy = spreadOf(runs.map((result) => result.testAccuracy))
  return { done: true, seeds: runs.length, testAccuracy, run, runs }
}

/** For people. */
export function formatSeedSummary({ seeds, testAccuracy, run, runs }: SeedSummary): string {
  const percent = (share: number, digits: number) => (100 * share).toFixed(digits)
  const { mean, std } = testAccuracy
  const spread = std === null ? '' : ` ± ${percent(std, 2)}`
  const lines = runs.map((result) => `${`seed ${result.seed}`.padEnd(15)}${percent(result.testAccuracy, 2)} %\n`)
  return [
    ...lines,
    `test accuracy  ${percent(mean, 2)}${spread} % (mean${std === null ? '' : ' ± standard deviation'} of ${seeds})\n`,
    `run            ${run}/ holds a folder per seed\n`,
  ].join('')
}
