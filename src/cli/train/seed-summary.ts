import { type Spread, spreadOf } from '../../learning/spread.js'
import { formatsInWords } from '../chip/flags/chip-device.js'
import { type Shown, shownLines } from '../shown.js'
import type { TrainingResult } from './training-result.js'

/** What trainings of several seeds end with. */
export interface SeedSummary {
  readonly done: true
  /** How many there were. */
  readonly seeds: number
  /** 0 to 1, on the test split; values in the order of the seeds. */
  readonly testAccuracy: Spread
  /** Of hidden neurons, per sample of the test split; absent unless all runs have counted them. */
  readonly hiddenSpikes?: Spread
  /** Mean of |spike - target| in ms, of the seeds that hit a target; absent without targets. */
  readonly timingError?: Spread
  /** The folder that holds a run per seed. */
  readonly run: string
  readonly runs: readonly TrainingResult[]
}

export function summaryOfSeeds(run: string, runs: readonly TrainingResult[]): SeedSummary {
  const testAccuracy = spreadOf(runs.map((result) => result.testAccuracy))
  const counts = runs.flatMap((result) => result.hiddenSpikes ?? [])
  const spikes = counts.length < runs.length ? {} : { hiddenSpikes: spreadOf(counts) }
  const errors = runs.flatMap(({ timingError }) => timingError ?? [])
  const timing = errors.length === 0 ? {} : { timingError: spreadOf(errors) }
  return { done: true, seeds: runs.length, testAccuracy, ...spikes, ...timing, run, runs }
}

/** For people. */
export function formatSeedSummary({ testAccuracy, hiddenSpikes, timingError, run, runs }: SeedSummary): Shown {
  const percent = (share: number) => (100 * share).toFixed(2)
  const milliseconds = (time: number) => time.toFixed(4)
  const line = (name: string, of: Spread, words: string) => [
    `${name.padEnd(15)}${words} (mean${of.std === null ? '' : ' ± standard deviation'} of ${of.values.length})`,
  ]
  const formats = runs[0]?.formats
  const isTimed = runs.some((result) => result.timingError !== undefined)
  const measured = ({ testAccuracy: share, timingError: error }: TrainingResult) => {
    if (error === undefined) return `${percent(share)} %`
    return error === null ? 'no target has a spike' : `spikes off by ${milliseconds(error)} ms`
  }
  const lines = runs.map((result) => `${`seed ${result.seed}`.padEnd(15)}${measured(result)}`)
  return shownLines([
    ...lines,
    ...(isTimed ? [] : line('test accuracy', testAccuracy, `${meanAndSpread(testAccuracy, percent)} %`)),
    ...(hiddenSpikes === undefined
      ? []
      : line('hidden spikes', hiddenSpikes, `${meanAndSpread(hiddenSpikes, (count) => count.toFixed(1))} a sample`)),
    ...(formats === undefined ? [] : [`               with ${formatsInWords(formats)}`]),
    ...(timingError === undefined
      ? []
      : line('spikes off by', timingError, `${meanAndSpread(timingError, milliseconds)} ms`)),
    `run            ${run}/ holds a folder per seed`,
  ])
}

function meanAndSpread({ mean, std }: Spread, words: (value: number) => string): string {
  return std === null ? words(mean) : `${words(mean)} ± ${words(std)}`
}
