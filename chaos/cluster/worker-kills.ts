import { setTimeout } from 'node:timers/promises'
import type { RandomStream } from '../../dist/numerics/random-stream.js'
import type { ManyMachines, RunningCommand } from '../../test/support/many-machines.js'
import { type Finding, requireEqual } from '../scenario.js'
import { createSmallTraining, digestOf, type Spread } from './small-training.js'
import { residentMemory, type Workforce } from './workforce.js'

export interface WorkerKillSettings {
  readonly random: RandomStream
  readonly kills: number
  readonly spread: Spread
}

const EPOCHS_PER_KILL = 60
/** In ms: so soon after a blow another one falls in the middle of the start, one time in four. */
const IN_A_START = 1500
const SECOND_BLOWS = 0.25
/** Of a coordinator, in MiB. */
const MOST_GROWTH = 64

/** Workers are killed one after the other during one training, and started anew. */
export async function workerKills(
  machines: ManyMachines,
  workforce: Workforce,
  { random, kills, spread }: WorkerKillSettings,
): Promise<readonly Finding[]> {
  const small = createSmallTraining(machines, EPOCHS_PER_KILL * (kills + 2), spread)
  const expected = await small.undisturbed()
  const training = small.start('kills')
  const progress = watchProgress(training)
  const coordinator: number[] = []
  let draws = 0
  let fallen = 0
  await progress.epochs(3)
  while (fallen < kills) {
    const blow = workforce.signal(random.integer(draws++, workforce.count), 'SIGKILL')
    const since = performance.now()
    fallen++
    if (random.uniform(draws++) < SECOND_BLOWS && fallen < kills) await setTimeout(IN_A_START * random.uniform(draws++))
    else {
      await progress.recovered(since)
      await blow
      coordinator.push(residentMemory(training.child.pid ?? -1))
      await progress.epochs(Math.floor(5 * random.uniform(draws++)))
      await setTimeout(40 * random.uniform(draws++))
    }
    if (training.child.exitCode !== null) break
  }
  const outcome = await training.ended
  requireEqual('digest after kills of workers', digestOf(outcome), expected)
  requireEqual('workers killed before the end of the training', fallen, kills)
  requireEqual('ends of workers by accident', workforce.accidents.join('; '), '')
  const early = Math.max(...coordinator.slice(0, 5))
  const growth = Math.min(...coordinator.slice(-5)) - early
  if (growth > MOST_GROWTH) throw new Error(`the coordinator grew by ${growth.toFixed(0)} MiB: ${coordinator}`)
  const times = progress.recoveries.toSorted((a, b) => a - b)
  return [
    { what: 'workers killed', value: fallen, unit: '' },
    { what: 'restarts', value: outcome.err.match(/Restarting all cores/g)?.length ?? 0, unit: '' },
    { what: 'recoveries that were timed', value: times.length, unit: '' },
    { what: 'median of them', value: (times[times.length >> 1] ?? 0) / 1000, unit: 's' },
    { what: 'worst of them', value: (times.at(-1) ?? 0) / 1000, unit: 's' },
    { what: 'memory of the coordinator, early', value: early, unit: 'MiB' },
    { what: 'memory of the coordinator, late', value: coordinator.at(-1) ?? 0, unit: 'MiB' },
  ]
}

/** What a training says of its epochs, and how long it takes to go on. */
interface Progress {
  /** In ms, from the kill to the next epoch behind the start that follows. */
  readonly recoveries: readonly number[]
  /** Resolves when so many more are done, or the training is over. */
  epochs(count: number): Promise<void>
  /** Resolves when an epoch is done behind the next start; a kill that hit nobody who computes is followed by none. */
  recovered(since: number): Promise<void>
}

/** Within so many ms those who computed with a worker know that it is dead; in so many epochs, too. */
const NOTICED = 3000
const NOTICED_EPOCHS = 8

function watchProgress({ child, ended }: RunningCommand): Progress {
  const recoveries: number[] = []
  let [epochs, starts, isOver] = [0, 0, false]
  let wake: () => void = () => undefined
  child.stdout.on('data', (text: string) => {
    epochs += text.match(/"epoch":/g)?.length ?? 0
    wake()
  })
  child.stderr.on('data', (text: string) => {
    starts += text.match(/Restarting all cores/g)?.length ?? 0
    wake()
  })
  void ended.then(() => {
    isOver = true
    wake()
  })
  const change = () =>
    new Promise<void>((resolve) => {
      wake = resolve
    })
  const until = async (holds: () => boolean) => {
    while (!isOver && !holds()) await Promise.race([change(), setTimeout(100)])
  }
  return {
    recoveries,
    async epochs(count) {
      const target = epochs + count
      await until(() => epochs >= target)
    },
    async recovered(since) {
      const [before, first] = [starts, epochs]
      const isOther = () => epochs > first + NOTICED_EPOCHS && performance.now() - since > NOTICED
      await until(() => starts > before || isOther())
      if (starts === before || isOver) return
      const behind = epochs
      await until(() => epochs > behind)
      if (!isOver) recoveries.push(performance.now() - since)
    },
  }
}
