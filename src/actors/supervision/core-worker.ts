import { createDeferred } from '../../events/deferred.js'
import { systemClock } from '../../streams/system-clock.js'
import { startWaiting } from '../../streams/waiting.js'
import type { CoreWorkerEnd } from './failure-report.js'

/** A worker of a cluster of machines, for people. */
export interface HostingWorker {
  readonly name: string
  readonly machine: string
  /** The run that it was engaged for, as its log names it: see `OrderEpoch`. */
  readonly run: string
  readonly epoch: number
}

/** A process or thread that holds the partitions of one or more cores. */
export interface CoreWorker {
  readonly cores: readonly number[]
  /** Process or thread id; -1 if it could not be started. */
  readonly id: number
  /** The worker of another machine that holds it. */
  readonly worker?: HostingWorker
  readonly ended: Promise<CoreWorkerEnd>
  /** A link to it has broken: finds out whether that is its end, if nothing else would report it. */
  look?(): void
  /** No more orders will come: it may end by itself. */
  dismiss(): void
  /** Ends it although it has something else to do. */
  terminate(): void
  /** Ends it although it does not want to. */
  kill(): void
}

/** How long a core worker is given to end, in ms, after it was dismissed and after it was terminated; then it is killed. */
export interface Patience {
  readonly dismissed: number
  readonly terminated: number
}

/** Ends a core worker, first gently; resolves when it is gone. */
export async function endCoreWorker(coreWorker: CoreWorker, { dismissed, terminated }: Patience): Promise<void> {
  coreWorker.dismiss()
  if (await settlesWithin(coreWorker.ended, dismissed)) return
  coreWorker.terminate()
  if (await settlesWithin(coreWorker.ended, terminated)) return
  coreWorker.kill()
  await coreWorker.ended
}

/** Whether a promise settles before this process has waited for `ms` ms. */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const late = createDeferred<boolean>()
  using _ = startWaiting(systemClock(), ms, () => late.resolve(false))
  const settled = promise.then(
    () => true,
    () => true,
  )
  return await Promise.race([settled, late.promise])
}
