import type { Deferred } from '../../events/deferred.js'
import { RunError } from '../../events/errors.js'
import type { JsonValue } from '../../rendezvous/json-value.js'
import type { Rendezvous } from '../../rendezvous/rendezvous.js'
import { seal } from '../../rendezvous/seal.js'
import type { Link } from '../../streams/link.js'
import { LinkError } from '../../streams/link-error.js'
import { createLink } from '../../streams/links/create-link.js'
import { COORDINATOR } from '../../streams/links/link-options.js'
import { isLoopback } from '../../streams/links/loopback.js'
import { chooseFailure } from '../supervision/choose-failure.js'
import type { ListenerAddress } from '../supervision/cluster-spec.js'
import { type CoreWorker, settlesWithin } from '../supervision/core-worker.js'
import type { CoreWorkerEnd } from '../supervision/failure-report.js'
import { controlOptions } from '../supervision/links/cluster-link-options.js'
import { dialLink } from '../supervision/links/dial-link.js'
import type { LinkCarrier } from '../supervision/links/link-carrier.js'
import type { AwaitedEnds } from './awaited-ends.js'
import { type EngageOrder, type SealedSpec, SUBJECTS, type WorkerOffer } from './fleet-messages.js'
import type { OrderEpoch } from './order-epoch.js'
import { readEngaged } from './read-messages.js'
import { createRemoteCoreWorker } from './remote-core-worker.js'
import { workerUnreachable } from './unreachable-workers.js'

export interface EngagingOptions {
  readonly rendezvous: Rendezvous
  /** Id of the session, to which the ends of processes are reported. */
  readonly session: string
  readonly authorities?: string | undefined
  /** Dials processes. */
  readonly carrier: Pick<LinkCarrier, 'dial'>
  /** Links to workers that do not encrypt theirs are made all the same. */
  readonly insecure: boolean
}

/** A process that a worker is to start. */
export interface WantedProcess {
  readonly offer: WorkerOffer
  readonly stamp: OrderEpoch
  /** Number of the process within the start. */
  readonly host: number
  readonly spec: SealedSpec
  /** Resolved with what the worker reports. */
  readonly ended: Deferred<CoreWorkerEnd>
}

/** A process that a worker has started, and that has been reached. */
export interface EngagedWorker {
  readonly offer: WorkerOffer
  /** The coordinator's, per core in the order of the cores; both sides may have still to agree. */
  readonly links: readonly Link[]
  readonly coreWorker: CoreWorker
}

/** In ms: the end of a process is reported within this time. */
const REPORT_LIMIT = 1000
/** In ms: a machine that is there takes a connection within this time. */
const DIAL_LIMIT = 10_000

/** A process that a worker has started. */
export interface OrderedProcess {
  readonly door: ListenerAddress
  readonly coreWorker: CoreWorker
}

/**
 * Orders a process of a worker.
 *
 * @throws what the worker refuses it for
 */
export async function orderProcess(
  { rendezvous, session }: Pick<EngagingOptions, 'rendezvous' | 'session'>,
  { offer, stamp, host, spec, ended }: WantedProcess,
): Promise<OrderedProcess> {
  const sealed = await seal(JSON.stringify(spec), offer.sealKey)
  const order: EngageOrder = { type: 'engage', stamp, session, host, sealed }
  const reply = await rendezvous.request(SUBJECTS.worker(offer.id), order as unknown as JsonValue)
  const { door, pid } = readEngaged(reply)
  const cores = spec.cores.map(({ core }) => core)
  return { door, coreWorker: createRemoteCoreWorker({ rendezvous, offer, stamp, host, cores, pid, ended }) }
}

/**
 * Orders a process of a worker, and dials it.
 *
 * @throws RunError WORKER_INSECURE, WORKER_UNREACHABLE, CORE_DIED, and what the worker refuses it for
 */
export async function engageWorker(options: EngagingOptions, wanted: WantedProcess): Promise<EngagedWorker> {
  const { offer, stamp, ended, spec } = wanted
  const { door, coreWorker } = await orderProcess(options, wanted)
  if (!options.insecure) requireSecure(door, offer)
  const links = await dialControls(options, wanted, door).catch(async (error: Error) => {
    if (!(error instanceof LinkError)) throw error
    // One that has ended could not be reached either.
    if (!(await settlesWithin(ended.promise, REPORT_LIMIT))) throw workerUnreachable(offer, door, error)
    const cores = spec.cores.map(({ core }) => core)
    throw chooseFailure([{ kind: 'ended', cores, end: await ended.promise }], {
      workerOf: () => ({
        ...offer,
        run: stamp.run,
        epoch: stamp.epoch,
      }),
    })
  })
  return { offer, links, coreWorker }
}

/** A worker that was asked for a process, and the process could not be had. */
export interface FailedEngagement {
  readonly offer: WorkerOffer
  readonly host: number
  readonly error: Error
}

/** Where the orders of a start come from, and where the ends of its processes are reported. */
export interface EngagingStart {
  readonly stamp: OrderEpoch
  readonly ends: Pick<AwaitedEnds, 'expect'>
}

/** Engages workers for a start, all at once; the place of each in the list is the number of its process. */
export async function engageAll(
  options: EngagingOptions,
  { stamp, ends }: EngagingStart,
  wanted: readonly { readonly offer: WorkerOffer; readonly spec: Omit<SealedSpec, 'endSecret'> }[],
): Promise<{ readonly engaged: readonly EngagedWorker[]; readonly failures: readonly FailedEngagement[] }> {
  const outcomes = await Promise.all(
    wanted.map(({ offer, spec }, host) => {
      const { ended, secret } = ends.expect(host, offer)
      return engageWorker(options, { offer, stamp, host, spec: { ...spec, endSecret: secret }, ended }).then(
        (worker) => ({ worker }),
        (error: Error): FailedEngagement => ({ offer, host, error }),
      )
    }),
  )
  return {
    engaged: outcomes.flatMap((outcome) => ('worker' in outcome ? [outcome.worker] : [])),
    failures: outcomes.flatMap((outcome) => ('worker' in outcome ? [] : [outcome])),
  }
}

/** The coordinator's links to the cores of a process, connected; both sides have still to agree. */
async function dialControls(
  { carrier, authorities }: EngagingOptions,
  { spec }: WantedProcess,
  door: ListenerAddress,
): Promise<readonly Link[]> {
  const patience = Math.min(DIAL_LIMIT, spec.startLimit)
  const dialled = await Promise.allSettled(
    spec.cores.map(async ({ core, secret }) => {
      const port = await dialLink(door, { own: COORDINATOR, peer: core, secret, patience, authorities }, carrier)
      const own = { role: 'dial', index: COORDINATOR, peers: [core], token: secret } as const
      return createLink(port, controlOptions(spec, own))
    }),
  )
  const failure = dialled.find((each) => each.status === 'rejected')?.reason as Error | undefined
  const links = dialled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  if (failure === undefined) return links
  for (const link of links) link.fail(failure)
  throw failure
}

/** Ends processes that are not wanted after all, and the links to them; resolves when they have ended. */
export async function dismissAll(engaged: readonly EngagedWorker[]): Promise<void> {
  const reason = new RunError({ code: 'CLUSTER_CLOSED', message: 'The cluster does not start with this process.' })
  for (const { links, coreWorker } of engaged) {
    for (const link of links) link.fail(reason)
    coreWorker.kill()
  }
  await Promise.all(engaged.map(({ coreWorker }) => coreWorker.ended))
}

/** Resolves once both sides have agreed. */
export function whenOpened(link: Link): Promise<Link> {
  const opened = link.opened.then(() => link)
  // If the start has failed by then, no caller handles this rejection.
  opened.catch(() => undefined)
  return opened
}

/** Everything that is sent over such a link, secrets included, can be read on its way. */
function requireSecure({ url, security }: ListenerAddress, { name, machine }: WorkerOffer): void {
  // By way of a server everything is sealed.
  if (security !== null || isLoopback(new URL(url).hostname)) return
  throw new RunError({
    code: 'WORKER_INSECURE',
    message: `Worker ${name} on ${machine} does not encrypt the links to it, at ${url}.`,
    details: { worker: name, machine },
    remedy: 'Start it without --insecure, or accept that by --insecure here, too.',
  })
}
