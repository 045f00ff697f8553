import type { TrainingResult } from './training-result.js'

/** What trainings of several seeds end with. */
export interface SeedSummary {
  readonly done: true
  /** How many there were. */
  readonly seeds: number
  /** 0 to 1, on the test split; values in the order of the seeds, the standard deviation null for a single one. */
  readonly testAccuracy: {
    readonly mean: number
    readonly std: number | null
    readonly values: readonly number[]
  }
  /** The folder that holds a run per seed. */
  readonly run: string
  readonly runs: readonly TrainingResult[]
}

/** The mean over seeds, and the sample standard deviation: sqrt(sum (x - mean)^2 / (n - 1)). */
export function summaryOfSeeds(run: string, runs: readonly TrainingResult[]): SeedSummary {
  const values = runs.map(({ testAccuracy }) => testAccuracy)
  const mean = sum(values) / values.length
  const squares = sum(values.map((value) => (value - mean) ** 2))
  const std = values.length === 1 ? null : Math.sqrt(squares / (values.length - 1))
  return { done: true, seeds: runs.length, testAccuracy: { mean, std, values }, run, runs }
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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
