import type { Session, StepOptions } from '../../dist/index.js'
import type { Settings } from '../suite.js'
import type { Workload } from '../workloads.js'
import { inTurns } from './in-turns.js'
import { ownSeconds, secondsOfProcess } from './processor-time.js'
import { createTrainer } from './trainer.js'

/** One of those that train in turns. */
export interface Contestant {
  readonly workload: Workload
  readonly step: StepOptions
  open(): Promise<OpenContestant>
}

export interface OpenContestant {
  /** Mostly one; several train at the same time, each for itself. */
  readonly sessions: readonly Session[]
  /** Ids of those that it has beside this one. */
  readonly processes: readonly number[]
}

/** Somebody else's trainer, which does in each turn what it does. */
export interface Outsider {
  trainFor(seconds: number): Promise<Turn>
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
export async function contest(
  contestants: readonly (Contestant | Outsider)[],
  { quick }: Settings,
): Promise<readonly Turn[][]> {
  const { turn, warmUp, rounds } = quick ? QUICK : FULL
  const entrants: Entrant[] = []
  try {
    for (const contestant of contestants) entrants.push(await openEntrant(contestant))
    for (const entrant of entrants) await entrant.trainFor(warmUp)
    return await inTurns(entrants, rounds, (entrant) => entrant.trainFor(turn))
  } finally {
    await Promise.all(entrants.map((entrant) => entrant.close()))
  }
}

interface Entrant extends Outsider {
  close(): Promise<void>
}

async function openEntrant(contestant: Contestant | Outsider): Promise<Entrant> {
  if (!('open' in contestant)) return { trainFor: (seconds) => contestant.trainFor(seconds), async close() {} }
  const { workload, step, open } = contestant
  const { sessions, processes } = await open()
  const trainers = sessions.map((session) => createTrainer(session, workload, step))
  const processorSeconds = () => processes.reduce((sum, id) => sum + secondsOfProcess(id), ownSeconds())
  return {
    async trainFor(seconds) {
      const [cpu, wall] = [processorSeconds(), performance.now()]
      const counts = await Promise.all(trainers.map((trainer) => trainer.trainFor(seconds)))
      const samples = counts.reduce((sum, count) => sum + count, 0)
      return {
        samplesPerSecond: (1000 * samples) / (performance.now() - wall),
        processorTime: (1e6 * (processorSeconds() - cpu)) / samples,
      }
    },
    async close() {
      await Promise.all(sessions.map((session) => session.close()))
    },
  }
}
