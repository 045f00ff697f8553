import type { Deferred } from '../../events/deferred.js'
import type { JsonValue } from '../../rendezvous/json-value.js'
import type { Rendezvous } from '../../rendezvous/rendezvous.js'
import { type CoreWorker, settlesWithin } from '../supervision/core-worker.js'
import type { CoreWorkerEnd } from '../supervision/failure-report.js'
import { type ReleaseOrder, SUBJECTS, type WorkerOffer, type WorkerOrder } from './fleet-messages.js'
import type { OrderEpoch } from './order-epoch.js'

export interface RemoteCoreWorkerOptions {
  readonly rendezvous: Rendezvous
  readonly offer: WorkerOffer
  readonly stamp: OrderEpoch
  readonly host: number
  readonly cores: readonly number[]
  readonly pid: number
  /** Resolved with what the worker reports. */
  readonly ended: Deferred<CoreWorkerEnd>
}

/** Time that a worker has to confirm that an order has reached it, in ms. */
const ORDER_LIMIT = 1000
/** Time that a worker has to report a process that was killed, in ms. */
const REPORT_LIMIT = 2000

/**
 * The worker reports the end of the core worker. A worker that cannot be reached reports nothing; then the core worker
 * is given up, because its process ends by itself when it loses the coordinator, and obeys no one else of an earlier
 * start.
 */
export function createRemoteCoreWorker({
  rendezvous,
  offer,
  stamp,
  host,
  cores,
  pid,
  ended,
}: RemoteCoreWorkerOptions): CoreWorker {
  const { id, name, machine } = offer
  const release = (force: boolean) => releaseProcess(rendezvous, id, { stamp, host, force })
  let isLookedFor = false
  const giveUp = () => ended.resolve({ exitCode: null, signal: null, lastWords: '', isOutOfReach: true })
  return {
    cores,
    id: pid,
    worker: { name, machine, run: stamp.run, epoch: stamp.epoch },
    ended: ended.promise,
    // Its links were closed, so it has nothing left to do.
    dismiss: () => undefined,
    look() {
      if (isLookedFor) return
      isLookedFor = true
      isHeard(rendezvous, id, { type: 'look', stamp }).then(
        (heard) => heard || giveUp(),
        // A server that is away says nothing of a worker.
        () => undefined,
      )
    },
    terminate: () => void release(false).then((heard) => heard || giveUp()),
    kill: () =>
      void release(true).then((heard) => {
        if (!heard) return giveUp()
        return settlesWithin(ended.promise, REPORT_LIMIT).then((hasEnded) => hasEnded || giveUp())
      }),
  }
}

/** Orders a process of a worker to end; resolves to whether the worker has heard it. */
export function releaseProcess(
  rendezvous: Rendezvous,
  worker: string,
  order: Omit<ReleaseOrder, 'type'>,
): Promise<boolean> {
  return isHeard(rendezvous, worker, { type: 'release', ...order }).catch(() => false)
}

async function isHeard(rendezvous: Rendezvous, worker: string, order: WorkerOrder): Promise<boolean> {
  const enough = (replies: readonly unknown[]) => replies.length > 0
  const asked = rendezvous.requestAll(SUBJECTS.worker(worker), order as unknown as JsonValue, {
    patience: ORDER_LIMIT,
    enough,
  })
  return (await asked).length > 0
}
