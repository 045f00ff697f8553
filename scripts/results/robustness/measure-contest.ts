import { readdir } from 'node:fs/promises'
import type { EvaluationSummary } from '../../../dist/cli/evaluate/evaluate-draws.js'
import { type Spread, spreadOf } from '../../../dist/learning/spread.js'
import { antidrome } from '../antidrome.js'
import { inPercent, round } from '../figure.js'
import type { ResultData } from '../rows/row.js'
import { commandOf, methodOf, rowNamed } from '../rows/trained-by.js'
import { runOf } from '../run-row.js'
import type { Contest, Contestant } from './contests.js'
import type { Ladder } from './ladders.js'

/** In percent, over seeds and devices. */
export type Accuracy = Pick<Spread, 'mean' | 'std'>

export interface Level {
  readonly level: number
  /** By row. */
  readonly accuracy: Readonly<Record<string, Accuracy>>
}

/** What `results/robustness-<name>.json` holds. */
export interface Robustness {
  /** Name of the contest. */
  readonly task: string
  /** Devices per trained network. */
  readonly draws: number
  /** Without any noise, by row. */
  readonly quiet: Level['accuracy']
  readonly ladders: readonly {
    readonly noise: Ladder['noise']
    readonly levels: readonly Level[]
    /** What nobody exceeds, in percent by level, where that is known. */
    readonly ceiling?: readonly number[]
  }[]
}

/**
 * Measures trained networks under growing noise, as on a device: nothing learned anew, the same devices for all. A row whose
 * networks are not here keeps what was measured before.
 *
 * Raises `Error` for a row that has neither been trained here nor measured before, and for data whose folder is not given,
 * before anything is measured.
 *
 * @param earlier null: nothing was measured
 * @param folderOf the folder of data; raises an `Error` where there is none
 */
export async function measureContest(
  contest: Contest,
  earlier: Robustness | null,
  folderOf: (data: ResultData) => string,
  say: (line: string) => void,
): Promise<Robustness> {
  const contestants = await Promise.all(
    contest.contestants.map(async (contestant) => ({ ...contestant, networks: await networksOf(contestant) })),
  )
  const rungs = contest.ladders.flatMap(({ noise, levels }) => levels.map((level) => earlierAt(earlier, noise, level)))
  for (const { row, networks } of contestants) {
    const isKnown = [earlier?.quiet, ...rungs].every((accuracy) => accuracy?.[row] !== undefined)
    if (networks.length === 0 && !isKnown) throw notTrained(row)
  }
  const isMeasured = contestants.some(({ networks }) => networks.length > 0)
  const folder = contest.data === undefined || !isMeasured ? null : folderOf(contest.data)
  const at = async (noise: string | null, known: Level['accuracy'] = {}) => {
    const accuracy: Record<string, Accuracy> = {}
    for (const each of contestants) {
      const kept = known[each.row]
      accuracy[each.row] =
        each.networks.length === 0 && kept !== undefined
          ? kept
          : await accuracyOf(each.networks, evaluation(contest, each, { noise, folder }))
    }
    const told = Object.entries(accuracy).map(([row, { mean }]) => `${row} ${mean} %`)
    say(`${noise ?? 'no noise'}: ${told.join(', ')}`)
    return accuracy
  }
  const quiet = await at(null, earlier?.quiet)
  const ladders: Robustness['ladders'][number][] = []
  for (const { noise, levels: steps } of contest.ladders) {
    const levels: Level[] = []
    for (const level of steps)
      levels.push({ level, accuracy: await at(`${noise}=${level}`, earlierAt(earlier, noise, level)) })
    ladders.push({ noise, levels, ...ceilingOf(contest, noise, steps) })
  }
  return { task: contest.name, draws: contest.draws, quiet, ladders }
}

/** What was measured of a level before; undefined: nothing. */
function earlierAt(earlier: Robustness | null, noise: Ladder['noise'], level: number): Level['accuracy'] | undefined {
  const levels = earlier?.ladders.find((ladder) => ladder.noise === noise)?.levels
  return levels?.find((each) => each.level === level)?.accuracy
}

function ceilingOf({ ceiling }: Contest, noise: Ladder['noise'], levels: readonly number[]): object {
  return ceiling === undefined || noise !== 'jitter' ? {} : { ceiling: levels.map((level) => round(ceiling(level), 1)) }
}

function notTrained(row: string): Error {
  return new Error(
    `found no runs/${runOf(row)}, expected the trained networks of the row; run ${commandOf(rowNamed(row))}`,
  )
}

/** The folders of a row's runs, one per seed; none if it was not trained here. */
async function networksOf({ row }: Contestant): Promise<readonly string[]> {
  const folder = `runs/${runOf(row)}`
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => name.startsWith('seed-'))
    .toSorted()
    .map((name) => `${folder}/${name}`)
}

export interface Device {
  /** Null: none. */
  readonly noise: string | null
  /** Of the data; null: the task makes its own. */
  readonly folder: string | null
}

/** What stands behind `antidrome evaluate` and a network. */
export function evaluation(
  { task, draws, isAsTrained }: Contest,
  { row, preset }: Contestant,
  { noise, folder }: Device,
): readonly string[] {
  return [
    ...['--task', task, '--preset', preset],
    ...(folder === null ? [] : ['--data', folder]),
    ...(isAsTrained === true ? methodOf(rowNamed(row)) : []),
    ...(noise === null ? [] : ['--noise', noise, '--draws', String(draws), '--seed', '1']),
    '--json',
  ]
}

async function accuracyOf(networks: readonly string[], flags: readonly string[]): Promise<Accuracy> {
  const found: number[] = []
  for (const network of networks) {
    const { accuracy } = (await antidrome(['evaluate', network, ...flags])).at(-1) as EvaluationSummary
    found.push(...accuracy.values)
  }
  const { mean, std } = inPercent(spreadOf(found))
  return { mean, std }
}
