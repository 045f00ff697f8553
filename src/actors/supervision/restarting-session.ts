import { setTimeout } from 'node:timers/promises'
import { RunError } from '../../events/errors.js'
import type { Session, StepResult } from '../../learning/session.js'
import { sessionClosed } from '../../learning/session-closed.js'
import { MOST_UNDER_WAY } from '../../learning/under-way.js'
import type { ClusterSession, Restart } from '../cluster-session.js'
import { forwardedCalls } from '../session/forwarded-calls.js'
import { createRollback } from '../session/rollback.js'
import { type GivenStep, stepCalls } from '../session/step-calls.js'
import { createTurns } from '../session/turns.js'
import { openStream } from '../streaming/open-stream.js'
import { createSessionEnd } from '../streaming/session-end.js'
import type { WatchHub } from '../watch/watch-hub.js'
import { isSilentStart } from './choose-failure.js'
import { interruptionOf } from './interruption-of.js'
import { createSurvivingHost } from './surviving-host.js'

/** A session over a cluster that runs. */
export interface LiveCluster {
  readonly session: ClusterSession
  /** Why the cluster failed; null as long as it has not. */
  failure(): Error | null
}

export interface RestartingOptions {
  /** Starts a cluster; rejects when nothing of it is left. */
  start(): Promise<LiveCluster>
  /** Where those sit who watch, whichever cluster runs. */
  readonly hub: WatchHub
  /** How often it may be restarted; Infinity: as long as it makes progress in between. */
  readonly restarts: number
  readonly onRestart: (restart: Restart) => void
  /** Called when the session has been closed. */
  readonly leave?: () => Promise<void>
  readonly signal?: AbortSignal | undefined
}

/**
 * Failures that another attempt may not meet, as it may not a start in silence. Mistakes, refusals of numbers and a slow
 * first start would only come again.
 */
const PASSING: readonly string[] = ['CORE_DIED', 'CORE_SILENT', 'CORE_FAILED', 'CORE_UNREACHABLE']

/** So often in a row, with nothing done in between, is no accident any more. */
const MOST_IN_A_ROW = 6

interface StepFlight {
  readonly step: GivenStep
  /** That it was set going on. */
  readonly cluster: LiveCluster
  readonly done: Promise<StepResult>
}

/** In ms: before the second attempt in a row, then twice as long each time. */
const FIRST_PAUSE = 50
const LONGEST_PAUSE = 5000

/**
 * A session that outlives the failures of its cluster: all partitions are restarted and restored to their state after
 * the last step, and the calls in progress are repeated. The bits are those of a session that was never disturbed.
 *
 * Rejects with the last failure when the restarts are used up, or when it fails repeatedly with no work done in
 * between.
 */
export async function openRestartingSession(options: RestartingOptions): Promise<ClusterSession> {
  const { start, hub, restarts, onRestart, leave = async () => undefined, signal } = options
  const rollback = createRollback()
  let count = 0
  let inARow = 0
  let closing: Promise<void> | null = null
  let restarting: Promise<void> | null = null
  const streams = createSessionEnd()
  const host = createSurvivingHost(survive, streams.onEnd, hub)
  let live = await startUntilLed(null)

  /** The first start, or another one after a failure. */
  async function startUntilLed(failure: Error | null): Promise<LiveCluster> {
    for (let reason = failure; ; ) {
      if (reason !== null) await prepareRestart(reason)
      try {
        return await startLed()
      } catch (error) {
        if (!isPassing(error) && !(failure !== null && isLate(error))) throw error
        reason = error
      }
    }
  }

  async function prepareRestart(reason: Error): Promise<void> {
    if (count === restarts || inARow === MOST_IN_A_ROW) throw reason
    count++
    inARow++
    onRestart({ number: count, reason, repeated: rollback.steps })
    await pause(inARow, signal)
  }

  async function startLed(): Promise<LiveCluster> {
    const cluster = await start()
    try {
      await hub.unseen(() => rollback.lead(cluster.session))
      await host.hold(cluster.session)
      cluster.session.host.onEnd(() => {
        const reason = cluster.failure()
        if (reason !== null && !isWorthRestart(reason)) streams.end(reason)
      })
      return cluster
    } catch (error) {
      await cluster.session.close()
      throw error
    }
  }

  async function restart(failed: LiveCluster, reason: Error): Promise<void> {
    await failed.session.close()
    live = await startUntilLed(reason)
    restarting = null
  }

  /** Does something, as often as its cluster fails meanwhile. */
  async function survive<Result>(work: (session: ClusterSession) => Promise<Result>): Promise<Result> {
    for (;;) {
      // Rejects if the session could not be restarted any more.
      await restarting
      const cluster = live
      try {
        const result = await work(cluster.session)
        inARow = 0
        return result
      } catch (error) {
        if (!isSurvived(cluster, error)) throw error
      }
    }
  }

  /** Whether the failed call is to be repeated, on the cluster that is restarted for it. */
  function isSurvived(cluster: LiveCluster, error: unknown): boolean {
    if (error !== cluster.failure() || !isWorthRestart(error)) return false
    if (cluster === live && restarting === null) {
      restarting = restart(cluster, error)
      restarting.catch(streams.end)
    }
    return true
  }

  function isWorthRestart(error: unknown): error is RunError {
    return isPassing(error) && signal?.aborted !== true
  }

  async function keep() {
    const state = await survive((session) => session.save())
    rollback.keep(state)
    return state
  }

  const turns = createTurns<GivenStep, StepFlight, StepResult>({
    most: live.session.trainAhead === undefined ? 1 : MOST_UNDER_WAY,
    canFly: () => !rollback.isDue && restarting === null,
    begin(step, isAhead) {
      const { session } = live
      const take = (isAhead ? session.trainAhead : undefined) ?? session.train
      const done = take(step.trials, step.step)
      // It may fail before it is awaited; that must not count as an unhandled rejection.
      done.catch(() => undefined)
      return { step, cluster: live, done }
    },
    async end({ step, cluster, done }) {
      try {
        const result = await done
        inARow = 0
        rollback.note(step)
        return result
      } catch (error) {
        if (isSurvived(cluster, error)) return null
        throw error
      }
    },
    // A step counts on the one before it: where that one is not taken, it has done nothing.
    async undo(flights) {
      await Promise.allSettled(flights.map(({ done }) => done))
    },
    async alone(step) {
      if (rollback.isDue) await keep()
      const result = await survive((session) => session.train(step.trials, step.step))
      rollback.note(step)
      return result
    },
  })

  const restore: Session['restore'] = (state) => {
    const own = copyOf(state)
    return turns.work(async () => {
      await survive((session) => session.restore(own))
      rollback.keep(own)
    })
  }

  const setParameters: Session['setParameters'] = (parameters) => {
    const own = copyOf(parameters)
    return turns.work(async () => {
      // A cluster that fails in between is led back to where it stood before.
      const state = await survive(async (session) => {
        await session.setParameters(own)
        return session.save()
      })
      rollback.keep(state)
    })
  }

  function close(): Promise<void> {
    closing ??= (async () => {
      streams.end(sessionClosed())
      hub.hurry()
      await turns.close()
      hub.close()
      await restarting?.catch(() => undefined)
      await live.session.close().finally(leave)
    })()
    return closing
  }

  return {
    network: live.session.network,
    kernels: live.session.kernels,
    placement: live.session.placement,
    get workers() {
      return live.session.workers
    },
    ...forwardedCalls({ inTurn: (call) => turns.work(() => survive(call)), atOnce: survive }),
    ...stepCalls(turns),
    stream: (request) => openStream(live.session, host, request),
    host,
    ...hub.watchable,
    // Copied, so that the state kept here cannot be changed from outside.
    save: () => turns.work(async () => structuredClone(await keep())),
    restore,
    setParameters,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Copied, as the caller may change its arrays afterwards; what cannot be copied is refused by the session. */
function copyOf<Value>(value: Value): Value {
  try {
    return structuredClone(value)
  } catch {
    return value
  }
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
