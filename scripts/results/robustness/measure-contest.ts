import { readdir } from 'node:fs/promises'
import type { EvaluationSummary } from '../../../dist/cli/evaluate/evaluate-draws.js'
import { type Spread, spreadOf } from '../../../dist/learning/spread.js'
import { antidrome } from '../antidrome.js'
import { inPercent, round } from '../figure.js'
import { runOf } from '../run-row.js'
import { type Contest, type Contestant, LADDERS, type Ladder } from './contests.js'

/** Devices per trained network and level. */
const DRAWS = 5

/** In percent, over seeds and devices. */
export type Accuracy = Pick<Spread, 'mean' | 'std'>

export interface Level {
  readonly level: number
  /** By row. */
  readonly accuracy: Readonly<Record<string, Accuracy>>
}

/** What `results/robustness-<task>.json` holds. */
export interface Robustness {
  readonly task: string
  /** Devices per trained network. */
  readonly draws: number
  /** Without any noise, events in continuous time, by row. */
  readonly quiet: Level['accuracy']
  readonly ladders: readonly {
    readonly noise: Ladder['noise']
    readonly levels: readonly Level[]
    /** What nobody exceeds, in percent by level, where that is known. */
    readonly ceiling?: readonly number[]
  }[]
}

/**
 * Measures trained networks under growing noise, all of them event by event in continuous time, as on a device: nothing
 * learned anew, the same devices for all. A row whose networks are not here keeps what was measured before.
 *
 * Raises `Error` for a row that has neither been trained here nor measured before.
 *
 * @param earlier null: nothing was measured
 */
export async function measureContest(
  contest: Contest,
  earlier: Robustness | null,
  say: (line: string) => void,
): Promise<Robustness> {
  const trained = await Promise.all(
    contest.contestants.map(async (contestant) => ({ ...contestant, networks: await networksOf(contestant) })),
  )
  const at = async (noise: string | null, known: Level['accuracy'] = {}) => {
    const accuracy: Record<string, Accuracy> = {}
    for (const each of trained) {
      const kept = known[each.row]
      if (each.networks.length === 0 && kept === undefined) throw notTrained(each)
      accuracy[each.row] =
        each.networks.length === 0 && kept !== undefined ? kept : await accuracyOf(contest.task, each, noise)
    }
    const told = Object.entries(accuracy).map(([row, { mean }]) => `${row} ${mean} %`)
    say(`${noise ?? 'no noise'}: ${told.join(', ')}`)
    return accuracy
  }
  const quiet = await at(null, earlier?.quiet)
  const ladders: Robustness['ladders'][number][] = []
  for (const { noise, levels: steps } of LADDERS) {
    const levels: Level[] = []
    const before = earlier?.ladders.find((ladder) => ladder.noise === noise)?.levels
    for (const level of steps) {
      const known = before?.find((each) => each.level === level)?.accuracy
      levels.push({ level, accuracy: await at(`${noise}=${level}`, known) })
    }
    ladders.push({ noise, levels, ...ceilingOf(contest, noise, steps) })
  }
  return { task: contest.task, draws: DRAWS, quiet, ladders }
}

function ceilingOf({ ceiling }: Contest, noise: Ladder['noise'], levels: readonly number[]): object {
  return ceiling === undefined || noise !== 'jitter' ? {} : { ceiling: levels.map((level) => round(ceiling(level), 1)) }
}

function notTrained({ row }: Contestant): Error {
  return new Error(
    `found no runs/${runOf(row)}, expected the trained networks of the row; run npm run results -- ${row}`,
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

interface Trained extends Contestant {
  readonly networks: readonly string[]
}

async function accuracyOf(task: string, { preset, networks }: Trained, noise: string | null): Promise<Accuracy> {
  const shaken = noise === null ? [] : ['--noise', noise, '--draws', String(DRAWS), '--seed', '1']
  const found: number[] = []
  for (const network of networks) {
    const args = ['evaluate', network, '--task', task, '--preset', preset, ...shaken, '--json']
    const { accuracy } = (await antidrome(args)).at(-1) as EvaluationSummary
    found.push(...accuracy.values)
  }
  const { mean, std } = inPercent(spreadOf(found))
  return { mean, std }
}
