import { randomBytes } from 'node:crypto'
import { createDeferred, type Deferred } from '../../events/deferred.js'
import { RunError } from '../../events/errors.js'
import { isSameSecret } from '../../streams/links/same-secret.js'
import type { CoreWorkerEnd } from '../supervision/failure-report.js'
import type { CoreWorkerReport, WorkerOffer } from './fleet-messages.js'
import { isSameStart, type OrderEpoch } from './order-epoch.js'

/** A process that a worker is ordered to hold. */
export interface AwaitedEnd {
  /** Resolved with what the worker reports. */
  readonly ended: Deferred<CoreWorkerEnd>
  /** That the report has to show. */
  readonly secret: string
}

/** The ends of the processes of the latest start, also of those that were ordered and have not come yet. */
export interface AwaitedEnds {
  /** What is reported of earlier starts changes nothing any more. */
  begin(stamp: OrderEpoch): void
  /** @param host number of the process within the start */
  expect(host: number, worker: Pick<WorkerOffer, 'name' | 'machine'>): AwaitedEnd
  /** @throws RunError REPORT_REFUSED for a process of another worker */
  take(report: CoreWorkerReport): void
}

const SECRET_BYTES = 32

/**
 * Only the worker that holds a process may say that it has ended: its order, which is sealed to it, has a secret that the
 * report has to show. Any other report of the latest start is refused.
 *
 * @param warn called once for each process that another sender reports, with a text for people
 */
export function createAwaitedEnds(warn: (text: string) => void): AwaitedEnds {
  let latest: OrderEpoch | null = null
  const awaited = new Map<number, AwaitedEnd & { readonly worker: string }>()
  const refused = new Set<number>()

  return {
    begin(stamp) {
      latest = stamp
      awaited.clear()
      refused.clear()
    },
    expect(host, { name, machine }) {
      const end = {
        ended: createDeferred<CoreWorkerEnd>(),
        secret: randomBytes(SECRET_BYTES).toString('hex'),
        worker: `${name} on ${machine}`,
      }
      awaited.set(host, end)
      return end
    },
    take({ stamp, host, secret, end }) {
      if (latest === null || !isSameStart(stamp, latest)) return
      const known = awaited.get(host)
      if (known !== undefined && isSameSecret(Buffer.from(secret), Buffer.from(known.secret))) {
        known.ended.resolve(end)
        return
      }
      const error = refusal(host, known?.worker ?? null)
      // So that a flood of reports is no flood of warnings; processes that there are none of count as one.
      const place = known === undefined ? -1 : host
      if (!refused.has(place)) warn(error.message)
      refused.add(place)
      throw error
    },
  }
}

function refusal(host: number, worker: string | null): RunError {
  const what = worker === null ? 'which no worker holds' : `which worker ${worker} holds`
  return new RunError({
    code: 'REPORT_REFUSED',
    message: `A report was refused that process ${host} of this run has ended, ${what}: it does not show the secret of that process, so another worker has sent it.`,
    details: { host },
    remedy: 'Find out which of the workers sends false reports, and shut its user out.',
  })
}
