import { setTimeout } from 'node:timers/promises'
import { RunError } from '../../events/errors.js'
import type { ClusterSession, Restart } from '../cluster-session.js'
import type { Rollback } from '../session/rollback.js'
import { isSilentStart } from './choose-failure.js'
import { interruptionOf } from './interruption-of.js'

/** A session over a cluster that runs. */
export interface LiveCluster {
  readonly session: ClusterSession
  /** Why the cluster failed; null as long as it has not. */
  failure(): Error | null
}

export interface SeriesOptions {
  /** Starts a cluster; rejects when nothing of it is left. */
  start(): Promise<LiveCluster>
  /** How often it may be restarted; Infinity: as long as it makes progress in between. */
  readonly restarts: number
  readonly onRestart: (restart: Restart) => void
  readonly signal?: AbortSignal | undefined
}

/**
 * Failures that another attempt may not meet, as it may not a start in silence. Mistakes, refusals of numbers and a slow
 * first start would only come again.
 */
const PASSING: readonly string[] = ['CORE_DIED', 'CORE_SILENT', 'CORE_FAILED', 'CORE_UNREACHABLE']

/** So often in a row, with nothing done in between, is no accident any more. */
const MOST_IN_A_ROW = 6

/** In ms: before the second attempt in a row, then twice as long each time. */
const FIRST_PAUSE = 50
const LONGEST_PAUSE = 5000

/** Clusters one after the other, each started because the one before it has failed. */
export interface ClusterSeries {
  readonly live: LiveCluster
  readonly isRestarting: boolean
  /** Does something, as often as its cluster fails meanwhile. */
  survive<Result>(work: (session: ClusterSession) => Promise<Result>): Promise<Result>
  /** Whether a failed call is to be repeated, on the cluster that is restarted for it. */
  isSurvived(cluster: LiveCluster, error: unknown): boolean
  /** Work is done: the next failure is not one more in a row. */
  progressed(): void
  close(): Promise<void>
}

/** What a series leads its clusters by. */
interface SeriesGuide {
  readonly rollback: Pick<Rollback, 'steps'>
  /** Leads the session of a new cluster to where the last one stood. */
  lead(session: ClusterSession): Promise<void>
  /** No cluster follows the last one. */
  giveUp(reason: Error): void
}

/** Starts the first cluster of a series. */
export async function openClusterSeries(options: SeriesOptions, guide: SeriesGuide): Promise<ClusterSeries> {
  const restarts = createRestarts(options, guide.rollback)
  let restarting: Promise<void> | null = null
  let live = await startUntilLed(null)

  /** The first start, or another one after a failure. */
  async function startUntilLed(failure: Error | null): Promise<LiveCluster> {
    for (let reason = failure; ; ) {
      if (reason !== null) await restarts.prepare(reason)
      try {
        return await startLed(options, guide)
      } catch (error) {
        if (!isPassing(error) && !(failure !== null && isLate(error))) throw error
        reason = error
      }
    }
  }

  async function restart(failed: LiveCluster, reason: Error): Promise<void> {
    await failed.session.close()
    live = await startUntilLed(reason)
    restarting = null
  }

  function isSurvived(cluster: LiveCluster, error: unknown): boolean {
    if (error !== cluster.failure() || !isWorthRestart(error, options)) return false
    if (cluster === live && restarting === null) {
      restarting = restart(cluster, error)
      restarting.catch(guide.giveUp)
    }
    return true
  }

  async function survive<Result>(work: (session: ClusterSession) => Promise<Result>): Promise<Result> {
    for (;;) {
      // Rejects if the session could not be restarted any more.
      await restarting
      const cluster = live
      try {
        const result = await work(cluster.session)
        restarts.progressed()
        return result
      } catch (error) {
        if (!isSurvived(cluster, error)) throw error
      }
    }
  }

  return {
    get live() {
      return live
    },
    get isRestarting() {
      return restarting !== null
    },
    survive,
    isSurvived,
    progressed: restarts.progressed,
    async close() {
      await restarting?.catch(() => undefined)
      await live.session.close()
    },
  }
}

/** Starts a cluster that stands where the last one did. */
async function startLed(options: SeriesOptions, { lead, giveUp }: SeriesGuide): Promise<LiveCluster> {
  const cluster = await options.start()
  try {
    await lead(cluster.session)
    cluster.session.host.onEnd(() => {
      const reason = cluster.failure()
      if (reason !== null && !isWorthRestart(reason, options)) giveUp(reason)
    })
    return cluster
  } catch (error) {
    await cluster.session.close()
    throw error
  }
}

/** Counts the restarts of a series. */
interface Restarts {
  /** Throws the reason of a restart if there may be none; else resolves when it is time for it. */
  prepare(reason: Error): Promise<void>
  progressed(): void
}

function createRestarts({ restarts, onRestart, signal }: SeriesOptions, rollback: SeriesGuide['rollback']): Restarts {
  let count = 0
  let inARow = 0
  return {
    async prepare(reason) {
      if (count === restarts || inARow === MOST_IN_A_ROW) throw reason
      count++
      inARow++
      onRestart({ number: count, reason, repeated: rollback.steps })
      await pause(inARow, signal)
    },
    progressed() {
      inARow = 0
    },
  }
}

function isWorthRestart(error: unknown, { signal }: Pick<SeriesOptions, 'signal'>): error is RunError {
  return isPassing(error) && signal?.aborted !== true
}

function isPassing(error: unknown): error is RunError {
  return error instanceof RunError && (PASSING.includes(error.code) || isSilentStart(error))
}

/** What has started in time before may do so again. */
function isLate(error: unknown): error is RunError {
  return error instanceof RunError && error.code === 'CORE_LATE'
}

/** The first attempt is made at once. */
async function pause(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  const ms = attempt === 1 ? 0 : Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 2))
  try {
    await setTimeout(ms, undefined, signal === undefined ? {} : { signal })
  } catch (error) {
    throw signal === undefined ? error : interruptionOf(signal)
  }
}
