import { AntidromeError, RunError } from '../../events/errors.js'
import type { LinkError } from '../../streams/link-error.js'
import type { Waiting } from '../../streams/waiting.js'
import type { ListenerAddress } from '../supervision/cluster-spec.js'
import type { WorkerOffer } from './fleet-messages.js'

/** A worker that replies, and whose processes cannot be dialled. */
export interface UnreachableWorker {
  readonly offer: WorkerOffer
  /** A WORKER_UNREACHABLE. */
  readonly error: Error
}

/** The workers of a session that could not be dialled: a session that has other workers does without them. */
export interface UnreachableWorkers {
  /** Those that were put aside in this start. */
  readonly aside: readonly UnreachableWorker[]
  /** Another start may try all of them again. */
  begin(waiting: Waiting): void
  /** Returns false for one that was put aside before, in whichever start. */
  putAside(worker: UnreachableWorker): boolean
  isAside(offer: WorkerOffer): boolean
  /** Whether it was put aside in any start: then it is taken last. */
  wasAside(offer: WorkerOffer): boolean
}

/** In ms. */
const REDIAL = 5000

/** @param redial time in ms until workers that were put aside are tried again, while the session waits for workers */
export function createUnreachableWorkers(redial = REDIAL): UnreachableWorkers {
  const ever = new Set<string>()
  const aside = new Map<string, UnreachableWorker & { readonly since: number }>()
  let wait: Pick<Waiting, 'waited' | 'isOver'> = { waited: 0, isOver: true }
  return {
    get aside() {
      return [...aside.values()]
    },
    begin(waiting) {
      aside.clear()
      wait = waiting
    },
    putAside(worker) {
      const { id } = worker.offer
      const isNew = !ever.has(id)
      ever.add(id)
      aside.set(id, { ...worker, since: wait.waited })
      return isNew
    },
    isAside({ id }) {
      const known = aside.get(id)
      return known !== undefined && (wait.isOver || wait.waited - known.since < redial)
    },
    wasAside: ({ id }) => ever.has(id),
  }
}

const CODE = 'WORKER_UNREACHABLE'

export function workerUnreachable(
  { name, machine }: WorkerOffer,
  { url }: ListenerAddress,
  cause: LinkError,
): RunError {
  const address = new URL(url).host
  return new RunError({
    code: CODE,
    message: `A link to ${address} ${cause.what}.`,
    details: { worker: name, machine, address },
    cause,
  })
}

export function isUnreachable(error: Error): boolean {
  return error instanceof AntidromeError && error.code === CODE
}
