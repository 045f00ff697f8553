import { access, readdir } from 'node:fs/promises'
import { spreadOf } from '../../../dist/learning/spread.js'
import { antidrome } from '../antidrome.js'
import { runOf } from '../run-row.js'
import { type Contest, type Contestant, LADDERS, type Ladder } from './contests.js'

/** Devices per trained network and level. */
const DRAWS = 5

/** In percent, over seeds and devices. */
export interface Accuracy {
  readonly mean: number
  readonly std: number | null
}

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
  const at = async (noise: string | null) => {
    const accuracy: Record<string, Accuracy> = {}
    for (const contestant of contest.contestants)
      accuracy[contestant.row] = await accuracyOf(contest, contestant, noise)
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

async function accuracyOf({ task }: Contest, { row, preset }: Contestant, noise: string | null): Promise<Accuracy> {
  const folder = `runs/${runOf(row)}`
  await access(folder).catch(() => {
    throw new Error(`found no ${folder}, expected the trained networks of the row; run npm run results -- ${row}`)
  })
  const shaken = noise === null ? [] : ['--noise', noise, '--draws', String(DRAWS), '--seed', '1']
  const found: number[] = []
  for (const seed of (await readdir(folder)).filter((name) => name.startsWith('seed-')).toSorted()) {
    const args = ['evaluate', `${folder}/${seed}`, '--task', task, '--preset', preset, ...shaken, '--json']
    const summary = (await antidrome(args)).at(-1) as { readonly accuracy: { readonly values: readonly number[] } }
    found.push(...summary.accuracy.values)
  }
  const { mean, std } = spreadOf(found.map((share) => 100 * share))
  return { mean: Number(mean.toFixed(2)), std: std === null ? null : Number(std.toFixed(2)) }
}
