import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { yinYang } from '../../dist/data/index.js'
import { adam, drawSettings, open, type RankedSetting, sweep, type Task, train } from '../../dist/index.js'
import { ownSeconds, secondsOfChildren } from '../measure/processor-time.js'
import { orders, rates, temporal, xor } from '../measure/small-tasks.js'
import { figureOfRounds } from '../measure/turn-figures.js'
import type { Finding, Settings } from '../suite.js'

const MAIN = fileURLToPath(new URL('../../bin/antidrome.mjs', import.meta.url))

/** Whether the command keeps two cores busy, and whether halving finds what the whole grid finds, for less. */
export async function* sweepsSuite(settings: Settings): AsyncGenerator<Finding> {
  yield await busyCores(settings.quick ? 1 : 5, settings.quick)
  for (const grid of settings.quick ? GRIDS.slice(0, 1) : GRIDS) yield* halved(grid, settings.quick)
}

/** Twelve trainings of Yin-Yang, two at a time: processor time of all of them beside the time that they took. */
async function busyCores(rounds: number, isQuick: boolean): Promise<Finding> {
  const folder = mkdtempSync(join(tmpdir(), 'sweeps-'))
  const file = join(folder, 'sweep.json')
  const vary = { 'training.rates.weights': { logUniform: [0.01, 0.1] } }
  writeFileSync(file, JSON.stringify({ base: 'yin-yang-30-weights', vary, sampler: 'sobol', runs: 12 }))
  const [busy, wall]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    const [used, started] = [secondsOfChildren(), performance.now()]
    const argv = [MAIN, 'sweep', file, '--out', join(folder, String(round)), '--parallel', '2']
    const child = spawn(process.execPath, [...argv, '--', '--epochs', isQuick ? '1' : '10'], { stdio: 'ignore' })
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(`the sweep ended with ${code}`)
    wall.push((performance.now() - started) / 1000)
    busy.push(secondsOfChildren() - used)
  }
  rmSync(folder, { recursive: true })
  return figureOfRounds('12 trainings, two at a time, CPU', busy, 's', [{ name: 'wall time', values: wall }])
}

interface Grid {
  readonly name: string
  readonly taskOf: (hidden: number) => Task
}

const GRIDS: readonly Grid[] = [
  { name: 'Yin-Yang', taskOf: (hidden) => yinYang({ hidden }) },
  { name: 'temporal patterns', taskOf: temporal },
  { name: 'orders of spikes', taskOf: orders },
  { name: 'rates', taskOf: rates },
  { name: 'XOR of latencies', taskOf: xor },
]

const RATES = [0.003, 0.01, 0.03]
const HIDDEN = [8, 16, 32]
const SEEDS = 3
const RUNGS = [4, 12, 36]
const KEEP = 1 / 3

/** The grid at the epochs of the last rung, and by halving: what their winners come to in the whole grid, and CPU time. */
async function* halved({ name, taskOf }: Grid, isQuick: boolean): AsyncGenerator<Finding> {
  const rungs = isQuick ? [1, 2] : RUNGS
  const last = rungs.at(-1) as number
  const tasks = new Map(HIDDEN.map((hidden) => [hidden, taskOf(hidden)]))
  const settings = drawSettings({ vary: { rate: { values: RATES }, hidden: { values: HIDDEN } }, sampler: 'grid' })

  async function accuracyOf({ rate, hidden }: Readonly<Record<string, unknown>>, seed: number, epochs: number) {
    const task = tasks.get(hidden as number) as Task
    await using session = await open(task.network, { seed })
    const options = { optimizer: adam({ learningRate: rate as number }), learn: ['weights'], epochs, seed } as const
    let accuracy = 0
    for await (const { validationAccuracy } of train(session, task, options)) accuracy = validationAccuracy
    return accuracy
  }

  async function ranking(halving: { readonly rungs: readonly number[]; readonly keep: number } | null) {
    const started = ownSeconds()
    let ranked: readonly RankedSetting[] = []
    const steps = sweep(settings, {
      train: ({ values, seed, epochs }) => accuracyOf(values, seed, epochs ?? last),
      objective: (accuracy) => accuracy,
      seeds: SEEDS,
      ...(halving === null ? {} : { halving }),
    })
    for await (const step of steps) {
      if (step.kind === 'failure') throw step.error
      if (step.kind === 'ranking') ranked = step.ranked
    }
    return { ranked, seconds: ownSeconds() - started }
  }

  // The first training compiles.
  await accuracyOf(settings[0] ?? {}, 1, 1)
  const whole = await ranking(null)
  const half = await ranking({ rungs, keep: KEEP })
  const [best] = whole.ranked
  const winner = whole.ranked.find(({ setting }) => setting === half.ranked[0]?.setting)
  if (!best?.objective || !winner?.objective) throw new Error(`${name}: a setting failed`)
  const percent = (share: number) => 100 * share
  const { mean, std } = best.objective
  yield {
    name: `${name}: best of the grid less the winner of halving`,
    value: percent(mean - winner.objective.mean),
    unit: 'points',
    against: [{ name: 'one standard deviation over seeds', value: percent(std ?? 0) }],
    counts: {
      best: percent(mean),
      winner: percent(winner.objective.mean),
      bestSetting: best.setting,
      winnerSetting: winner.setting,
    },
  }
  yield {
    name: `${name}: halving, CPU`,
    value: half.seconds,
    unit: 's',
    against: [{ name: 'the grid', value: whole.seconds }],
  }
}
