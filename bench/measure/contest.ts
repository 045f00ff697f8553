import type { Session, StepOptions } from '../../dist/index.js'
import { miniBatch } from '../../dist/learning/mini-batch.js'
import { MOST_UNDER_WAY } from '../../dist/learning/under-way.js'
import type { Settings } from '../suite.js'
import type { Workload } from '../workloads.js'
import { ownSeconds, secondsOfProcess } from './processor-time.js'

/** One of those that train in turns. */
export interface Contestant {
  readonly workload: Workload
  readonly step: StepOptions
  open(): Promise<OpenContestant>
}

export interface OpenContestant {
  readonly session: Session
  /** Ids of those that it has beside this one. */
  readonly processes: readonly number[]
}

/** What a contestant did in one of its turns. */
export interface Turn {
  readonly samplesPerSecond: number
  /** Of all its processes, in microseconds. */
  readonly processorTime: number
}

/** Seconds of a turn, of the warm-up of each, and how often each has its turn. */
const FULL = { turn: 2, warmUp: 15, rounds: 9 }
const QUICK = { turn: 0, warmUp: 0, rounds: 1 }

/**
 * Lets contestants train in turns, round after round, so that whatever the machine does meets all of them alike; between
 * its turns the session of each stands idle.
 *
 * @returns the turns of each contestant, round by round
 */
export async function contest(contestants: readonly Contestant[], { quick }: Settings): Promise<readonly Turn[][]> {
  const { turn, warmUp, rounds } = quick ? QUICK : FULL
  const trainers: Trainer[] = []
  try {
    for (const contestant of contestants) trainers.push(await openTrainer(contestant))
    for (const trainer of trainers) await trainer.trainFor(warmUp)
    const turns: Turn[][] = trainers.map(() => [])
    for (let round = 0; round < rounds; round++)
      for (const [k, trainer] of trainers.entries()) turns[k]?.push(await trainer.trainFor(turn))
    return turns
  } finally {
    await Promise.all(trainers.map((trainer) => trainer.close()))
  }
}

interface Trainer {
  trainFor(seconds: number): Promise<Turn>
  close(): Promise<void>
}

/** Trains as `train` does: with as many mini-batches under way as the session allows. */
async function openTrainer({ workload, step, open }: Contestant): Promise<Trainer> {
  const { session, processes } = await open()
  const { task, batch } = workload
  const most = session.trainAhead === undefined ? 1 : MOST_UNDER_WAY
  const processorSeconds = () => processes.reduce((sum, id) => sum + secondsOfProcess(id), ownSeconds())
  let next = 0
  const begin = (ahead: boolean) => {
    const chosen = Uint32Array.from({ length: batch }, (_, trial) => (next + trial) % task.train.size)
    next += batch
    const trials = structuredClone(miniBatch(task.train, chosen, task.until))
    return ahead && session.trainAhead !== undefined ? session.trainAhead(trials, step) : session.train(trials, step)
  }
  return {
    async trainFor(seconds) {
      const [cpu, wall] = [processorSeconds(), performance.now()]
      let samples = 0
      const underWay: Promise<unknown>[] = []
      while (samples === 0 || performance.now() < wall + 1000 * seconds) {
        underWay.push(begin(underWay.length > 0))
        samples += batch
        if (underWay.length === most) await underWay.shift()
      }
      await Promise.all(underWay)
      return {
        samplesPerSecond: (1000 * samples) / (performance.now() - wall),
        processorTime: (1e6 * (processorSeconds() - cpu)) / samples,
      }
    },
    close: () => session.close(),
  }
}
