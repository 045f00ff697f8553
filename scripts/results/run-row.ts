import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import type { Measured } from './measured.js'
import type { ResultRow } from './row.js'

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
  readonly runs: readonly { readonly run: string }[]
  readonly testAccuracy: number | { readonly mean: number; readonly std: number | null; readonly values: number[] }
}

/**
 * Trains a row with all its seeds in a process of its own, and goes on where it was broken off.
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
  const name = `results-${row.name}`
  const kept = ['--name', name, '--checkpoint', `runs/${name}/checkpoints`, '--resume', '--json']
  const started = performance.now()
  const lines = await linesOf(['train', ...row.train, ...folder, '--seeds', row.seeds, ...kept], say)
  const summary = lines.at(-1) as DoneLine
  if (summary?.seeds === undefined || typeof summary.testAccuracy === 'number')
    throw new Error(`${row.name}: the command did not end with a summary of its seeds`)
  const { mean, std, values } = summary.testAccuracy
  const runs = await Promise.all(summary.runs.map(({ run }) => epochsOf(run)))
  const epochs = runs.flat()
  const cpu = epochs.flatMap(({ cpuSecondsPerSample }) => cpuSecondsPerSample ?? [])
  // What was trained before this command was broken off took its time, too.
  const isWhole = lines.filter((line) => 'epoch' in line).length === epochs.length
  return {
    row: row.name,
    task: row.task,
    network: row.network,
    command: `antidrome ${command.join(' ')}`,
    bar: row.bar ?? null,
    aim: row.aim ?? null,
    testAccuracy: {
      mean: round(PERCENT * mean, 2),
      std: std === null ? null : round(PERCENT * std, 2),
      values: values.map((value) => round(PERCENT * value, 2)),
    },
    validationAccuracy: runs.map((run) => round(PERCENT * (run.at(-1)?.validationAccuracy ?? Number.NaN), 2)),
    epochs: Math.max(...runs.map((run) => run.length)),
    cpuMillisecondsPerSample:
      cpu.length === 0 ? null : round((1000 * cpu.reduce((sum, value) => sum + value, 0)) / cpu.length, 3),
    minutes: isWhole ? round((performance.now() - started) / 60_000, 1) : null,
    cores: availableParallelism(),
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

/** What the command prints, as JSON; raises what it says on stderr if it fails. */
async function linesOf(args: readonly string[], say: (line: string) => void): Promise<object[]> {
  const child = spawn(process.execPath, ['dist/cli/main.js', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const lines: object[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(JSON.parse(line) as object)
    say(line)
  }
  const code = await ended
  if (code !== 0) throw new Error(`antidrome ${args.join(' ')} ended with ${code}`)
  return lines
}
