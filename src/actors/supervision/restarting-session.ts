import type { Session, StepResult } from '../../learning/session.js'
import { MOST_UNDER_WAY } from '../../learning/under-way.js'
import type { ClusterSession } from '../cluster-session.js'
import { closingOf } from '../session/close-session.js'
import { forwardedCalls } from '../session/forwarded-calls.js'
import { createRollback, type Rollback } from '../session/rollback.js'
import { type GivenStep, stepCalls } from '../session/step-calls.js'
import { createTurns, type Flights } from '../session/turns.js'
import { openStream } from '../streaming/open-stream.js'
import { createSessionEnd } from '../streaming/session-end.js'
import type { WatchHub } from '../watch/watch-hub.js'
import { type ClusterSeries, type LiveCluster, openClusterSeries, type SeriesOptions } from './cluster-series.js'
import { createSurvivingHost } from './surviving-host.js'

export interface RestartingOptions extends SeriesOptions {
  /** Where those sit who watch, whichever cluster runs. */
  readonly hub: WatchHub
  /** Called when the session has been closed. */
  readonly leave?: () => Promise<void>
}

interface StepFlight {
  readonly step: GivenStep
  /** That it was set going on. */
  readonly cluster: LiveCluster
  readonly done: Promise<StepResult>
}

/**
 * A session that outlives the failures of its cluster: all partitions are restarted and restored to their state after
 * the last step, and the calls in progress are repeated. The bits are those of a session that was never disturbed.
 *
 * Rejects with the last failure when the restarts are used up, or when it fails repeatedly with no work done in
 * between.
 */
export async function openRestartingSession(options: RestartingOptions): Promise<ClusterSession> {
  const { hub, leave = async () => undefined } = options
  const rollback = createRollback()
  const streams = createSessionEnd()
  const host = createSurvivingHost((work) => clusters.survive(work), streams.onEnd, hub)
  const clusters = await openClusterSeries(options, {
    rollback,
    async lead(session) {
      await hub.unseen(() => rollback.lead(session))
      await host.hold(session)
    },
    giveUp: streams.end,
  })
  const { survive } = clusters
  const { network, kernels, placement } = clusters.live.session

  async function keep() {
    const state = await survive((session) => session.save())
    rollback.keep(state)
    return state
  }

  const turns = createTurns(survivingSteps(clusters, rollback, keep))

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

  const close = closingOf({ streams, hub, turns, release: () => clusters.close().finally(leave) })

  return {
    network,
    kernels,
    placement,
    get workers() {
      return clusters.live.session.workers
    },
    ...forwardedCalls({ inTurn: (call) => turns.work(() => survive(call)), atOnce: survive }),
    ...stepCalls(turns),
    stream: (request) => openStream({ network, placement }, host, request),
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

/** Training steps on whichever cluster is live; those of a cluster that failed are taken once more. */
function survivingSteps(
  clusters: ClusterSeries,
  rollback: Rollback,
  keep: () => Promise<unknown>,
): Flights<GivenStep, StepFlight, StepResult> {
  return {
    most: clusters.live.session.trainAhead === undefined ? 1 : MOST_UNDER_WAY,
    canFly: () => !rollback.isDue && !clusters.isRestarting,
    begin(step, isAhead) {
      const { session } = clusters.live
      const take = (isAhead ? session.trainAhead : undefined) ?? session.train
      const done = take(step.trials, step.step)
      // It may fail before it is awaited; that must not count as an unhandled rejection.
      done.catch(() => undefined)
      return { step, cluster: clusters.live, done }
    },
    async end({ step, cluster, done }) {
      try {
        const result = await done
        clusters.progressed()
        rollback.note(step)
        return result
      } catch (error) {
        if (clusters.isSurvived(cluster, error)) return null
        throw error
      }
    },
    // A step counts on the one before it: where that one is not taken, it has done nothing.
    async undo(flights) {
      await Promise.allSettled(flights.map(({ done }) => done))
    },
    async alone(step) {
      if (rollback.isDue) await keep()
      const result = await clusters.survive((session) => session.train(step.trials, step.step))
      rollback.note(step)
      return result
    },
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
