import { readdir } from 'node:fs/promises'
import type { EvaluationSummary } from '../../../dist/cli/evaluate/evaluate-draws.js'
import { type Spread, spreadOf } from '../../../dist/learning/spread.js'
import { antidrome } from '../antidrome.js'
import { inPercent } from '../figure.js'
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
  readonly ladders: readonly { readonly noise: Ladder['noise']; readonly levels: readonly Level[] }[]
}

/**
 * Measures trained networks under growing noise, all of them event by event in continuous time, as on a device: nothing
 * learned anew, the same devices for all.
 *
 * Raises `Error` for a row that has not been trained here.
 */
export async function measureContest(contest: Contest, say: (line: string) => void): Promise<Robustness> {
  const trained = await Promise.all(
    contest.contestants.map(async (contestant) => ({ ...contestant, networks: await networksOf(contestant) })),
  )
  const at = async (noise: string | null) => {
    const accuracy: Record<string, Accuracy> = {}
    for (const each of trained) accuracy[each.row] = await accuracyOf(contest.task, each, noise)
    const told = Object.entries(accuracy).map(([row, { mean }]) => `${row} ${mean} %`)
    say(`${noise ?? 'no noise'}: ${told.join(', ')}`)
    return accuracy
  }
  const quiet = await at(null)
  const ladders: Robustness['ladders'][number][] = []
  for (const { noise, levels: steps } of LADDERS) {
    const levels: Level[] = []
    for (const level of steps) levels.push({ level, accuracy: await at(`${noise}=${level}`) })
    ladders.push({ noise, levels })
  }
  return { task: contest.task, draws: DRAWS, quiet, ladders }
}

/** The folders of a row's runs, one per seed. */
async function networksOf({ row }: Contestant): Promise<readonly string[]> {
  const folder = `runs/${runOf(row)}`
  const names = await readdir(folder).catch(() => {
    throw new Error(`found no ${folder}, expected the trained networks of the row; run npm run results -- ${row}`)
  })
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
