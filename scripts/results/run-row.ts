import { copyFile, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { SeedSummary } from '../../dist/cli/train/train-seeds.js'
import { spreadOf } from '../../dist/learning/spread.js'
import { antidrome } from './antidrome.js'
import { inPercent, percent, round, rounded } from './figure.js'
import type { Measured } from './measured.js'
import type { ResultRow } from './rows/row.js'

interface EpochLine {
  readonly epoch: number
  readonly validationAccuracy: number
  readonly cpuSecondsPerSample: number | null
}

/** The folder in runs/ that a row trains in. */
export function runOf(row: string): string {
  return `results-${row}`
}

/**
 * Trains a row with all its seeds in a process of its own, and goes on where it was broken off. The learning curves of the
 * first seed are put beside the results where a bar was set, or the row says so.
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
  const summary = lines.at(-1) as SeedSummary
  const { runs, seeds } = summary
  if (seeds === undefined) throw new Error(`${row.name}: the command did not end with a summary of its seeds`)
  const courses = await Promise.all(runs.map(({ run }) => epochsOf(run)))
  const epochs = courses.flat()
  const cpu = epochs.flatMap(({ cpuSecondsPerSample }) => cpuSecondsPerSample ?? [])
  // What was trained before this command was broken off took its time, too.
  const isWhole = lines.filter((line) => 'epoch' in line).length === epochs.length
  if (row.bar !== undefined || row.showsCurves === true)
    await copyFile(`${runs[0]?.run}/curves.svg`, `results/${row.name}.svg`)
  return {
    row: row.name,
    task: row.task,
    network: row.network,
    command: `antidrome ${command.join(' ')}`,
    bar: row.bar ?? null,
    aim: row.aim ?? null,
    testAccuracy: inPercent(summary.testAccuracy),
    ...timingOf(summary),
    ...(summary.hiddenSpikes === undefined ? {} : { hiddenSpikes: rounded(summary.hiddenSpikes, 1) }),
    validationAccuracy: courses.map((course) => percent(course.at(-1)?.validationAccuracy ?? Number.NaN)),
    epochs: Math.max(...courses.map((course) => course.length)),
    cpuMillisecondsPerSample:
      cpu.length === 0 ? null : round((1000 * cpu.reduce((sum, value) => sum + value, 0)) / cpu.length, 3),
    minutes: isWhole ? round((performance.now() - started) / 60_000, 1) : null,
    cores: availableParallelism(),
  }
}

/** Of a task with target times. */
function timingOf({ runs, timingError }: SeedSummary): Pick<Measured, 'timingError' | 'missedTargets'> {
  if (timingError === undefined) return {}
  const missed = spreadOf(runs.map(({ missedTargets = Number.NaN }) => missedTargets))
  return { timingError: rounded(timingError, 5), missedTargets: inPercent(missed) }
}

/** What a run has told of its epochs. */
async function epochsOf(run: string): Promise<readonly EpochLine[]> {
  const lines = (await readFile(`${run}/metrics.jsonl`, 'utf8')).trim().split('\n')
  return lines.map((line) => JSON.parse(line) as object).filter((line): line is EpochLine => 'epoch' in line)
}

/** Raises an `Error` that names the flag where there is none. */
export function folderOf(data: string, folders: Readonly<Record<string, string | undefined>>): string {
  const folder = folders[data]
  if (folder === undefined) throw new Error(`found no folder of ${data}, expected --${data} DIR`)
  return folder
}
