import { createActor } from 'xstate'
import { createDeferred } from '../../events/deferred.js'
import { AntidromeError } from '../../events/errors.js'
import { exhaustionOf } from '../../events/exhaustion.js'
import type { Clock } from '../../streams/clock.js'
import { systemClock } from '../../streams/system-clock.js'
import { waitingTimers } from '../../streams/waiting.js'
import { type ClusterLifeInput, clusterLife } from './cluster-life.js'
import type { FailureReport } from './failure-report.js'
import { detailsOfPlace, nameOfCores } from './name-of-cores.js'

/** Watches over a cluster, and knows the one error it failed with. */
export interface Supervisor {
  /** Resolves when every partition is ready; rejects when the start has failed and everything started has ended. */
  readonly opened: Promise<void>
  markListening(core: number): void
  markReady(core: number): void
  /** Fails with a reason from outside, and ends everything at once. */
  interrupt(reason: Error): void
  report(report: FailureReport): void
  failure(): Error | null
  /** Resolves with its error when the cluster fails. */
  readonly failed: Promise<Error>
  /**
   * Does a partition's work; when the cluster fails first, or already has, rejects with its error.
   *
   * Work that fails because a link did has only seen an effect: it waits for the error of the cluster.
   */
  guard<Result>(core: number, work: () => Promise<Result>): Promise<Result>
  /** Resolves when everything has ended, whatever the reason. */
  close(): Promise<void>
}

/** A supervisor whose cluster is starting. */
export function createSupervisor(input: ClusterLifeInput, clock: Clock = systemClock()): Supervisor {
  const { where = {} } = input
  const life = createActor(clusterLife, { input, clock: waitingTimers(clock) })
  const waiting = new Set<(error: Error) => void>()
  let error: Error | null = null
  const failed = createDeferred<Error>()
  life.on('failed', (signal) => {
    error = signal.error
    failed.resolve(error)
    for (const reject of waiting) reject(signal.error)
    waiting.clear()
  })
  const ended = new Promise<void>((resolve) => life.subscribe({ complete: resolve }))
  const opened = new Promise<void>((resolve, reject) => {
    life.on('opened', () => resolve())
    void ended.then(() => reject(error))
  })
  opened.catch(() => undefined)
  life.start()

  const send: typeof life.send = (event) => {
    if (life.getSnapshot().status === 'active') life.send(event)
  }
  /** Whether trouble would still become the failure of the cluster. */
  const isWatching = () => ['starting', 'ready', 'gathering'].includes(String(life.getSnapshot().value))

  function guard<Result>(core: number, work: () => Promise<Result>): Promise<Result> {
    if (error !== null) return Promise.reject(error)
    /** Work that throws has failed like any other. */
    const started = async () => work()
    return new Promise<Result>((resolve, reject) => {
      waiting.add(reject)
      started().then(
        (result) => {
          waiting.delete(reject)
          resolve(result)
        },
        (reason: Error) => {
          if (isLinkFailure(reason) && isWatching()) {
            send({ type: 'trouble', report: { kind: 'link', core, peer: null, error: reason } })
            return
          }
          waiting.delete(reject)
          const details = { core, ...detailsOfPlace(core, where) }
          reject(exhaustionOf(reason, nameOfCores([core], where), details) ?? reason)
        },
      )
    })
  }

  return {
    opened,
    markListening: (core) => send({ type: 'listening', core }),
    markReady: (core) => send({ type: 'ready', core }),
    interrupt: (reason) => send({ type: 'interrupt', reason }),
    report: (report) => send({ type: 'trouble', report }),
    failure: () => error,
    failed: failed.promise,
    guard,
    close() {
      send({ type: 'close' })
      return ended
    },
  }
}

function isLinkFailure(error: Error): boolean {
  return error instanceof AntidromeError && error.code.startsWith('LINK_')
}
