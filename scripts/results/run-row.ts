import { copyFile, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { spreadOf } from '../../dist/learning/spread.js'
import { antidrome } from './antidrome.js'
import type { Figure, Measured } from './measured.js'
import type { ResultRow } from './rows/row.js'

const PERCENT = 100
const round = (value: number, digits: number) => Number(value.toFixed(digits))

interface EpochLine {
  readonly epoch: number
  readonly validationAccuracy: number
  readonly cpuSecondsPerSample: number | null
}

interface DoneLine {
  readonly done: true
  readonly seeds?: number
  readonly runs: readonly {
    readonly run: string
    readonly testAccuracy: number
    readonly timingError?: number | null
    readonly missedTargets?: number
  }[]
}

/** The folder in runs/ that a row trains in. */
export function runOf(row: string): string {
  return `results-${row}`
}

/**
 * Trains a row with all its seeds in a process of its own, and goes on where it was broken off. The learning curves of the
 * first seed are put beside the results where a bar was set.
 *
 * @param folders of the data, by the name of the task
 * @param say is told each epoch
 */
export async function runRow(
  row: ResultRow,
  folders: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
): Promise<Measured> {
  const shown = row.data === undefined ? [] : ['--data', row.data]
  const command = ['train', ...row.train, ...shown, '--seeds', row.seeds]
  const folder = row.data === undefined ? [] : ['--data', folderOf(row.data, folders)]
  const name = runOf(row.name)
  const kept = ['--name', name, '--checkpoint', `runs/${name}/checkpoints`, '--resume', '--json']
  const started = performance.now()
  const lines = await antidrome(['train', ...row.train, ...folder, '--seeds', row.seeds, ...kept], say)
  const { runs, seeds } = lines.at(-1) as DoneLine
  if (seeds === undefined) throw new Error(`${row.name}: the command did not end with a summary of its seeds`)
  const courses = await Promise.all(runs.map(({ run }) => epochsOf(run)))
  const epochs = courses.flat()
  const cpu = epochs.flatMap(({ cpuSecondsPerSample }) => cpuSecondsPerSample ?? [])
  // What was trained before this command was broken off took its time, too.
  const isWhole = lines.filter((line) => 'epoch' in line).length === epochs.length
  if (row.bar !== undefined) await copyFile(`${runs[0]?.run}/curves.svg`, `results/${row.name}.svg`)
  return {
    row: row.name,
    task: row.task,
    network: row.network,
    command: `antidrome ${command.join(' ')}`,
    bar: row.bar ?? null,
    aim: row.aim ?? null,
    testAccuracy: inPercent(runs.map(({ testAccuracy }) => testAccuracy)),
    ...timingOf(runs),
    validationAccuracy: courses.map((course) => round(PERCENT * (course.at(-1)?.validationAccuracy ?? Number.NaN), 2)),
    epochs: Math.max(...courses.map((course) => course.length)),
    cpuMillisecondsPerSample:
      cpu.length === 0 ? null : round((1000 * cpu.reduce((sum, value) => sum + value, 0)) / cpu.length, 3),
    minutes: isWhole ? round((performance.now() - started) / 60_000, 1) : null,
    cores: availableParallelism(),
  }
}

function inPercent(shares: readonly number[]): Figure {
  return rounded(
    shares.map((share) => PERCENT * share),
    2,
  )
}

function rounded(found: readonly number[], digits: number): Figure {
  const { mean, std, values } = spreadOf(found)
  return {
    mean: round(mean, digits),
    std: std === null ? null : round(std, digits),
    values: values.map((value) => round(value, digits)),
  }
}

/** Of a task with target times. */
function timingOf(runs: DoneLine['runs']): Pick<Measured, 'timingError' | 'missedTargets'> {
  const errors = runs.flatMap(({ timingError }) => timingError ?? [])
  if (errors.length === 0) return {}
  return {
    timingError: rounded(errors, 5),
    missedTargets: inPercent(runs.map(({ missedTargets = Number.NaN }) => missedTargets)),
  }
}

/** What a run has told of its epochs. */
async function epochsOf(run: string): Promise<readonly EpochLine[]> {
  const lines = (await readFile(`${run}/metrics.jsonl`, 'utf8')).trim().split('\n')
  return lines.map((line) => JSON.parse(line) as object).filter((line): line is EpochLine => 'epoch' in line)
}

function folderOf(data: string, folders: Readonly<Record<string, string | undefined>>): string {
  const folder = folders[data]
  if (folder === undefined) throw new Error(`found no folder of ${data}, expected --${data} DIR`)
  return folder
}
