import { RunError } from '../../events/errors.js'
import type { JsonValue } from '../../rendezvous/json-value.js'
import type { NatsCarrier } from '../../rendezvous/nats-carrier.js'
import type { Rendezvous } from '../../rendezvous/rendezvous.js'
import { seal } from '../../rendezvous/seal.js'
import type { Link } from '../../streams/link.js'
import { createLink } from '../../streams/links/create-link.js'
import { COORDINATOR } from '../../streams/links/link-options.js'
import { isLoopback } from '../../streams/links/loopback.js'
import type { ClusterSpec, DoorAddress } from '../supervision/cluster-spec.js'
import type { CoreWorker } from '../supervision/core-worker.js'
import type { Deferred } from '../supervision/deferred.js'
import type { CoreWorkerEnd } from '../supervision/failure-report.js'
import { controlOptions } from '../supervision/links/cluster-link-options.js'
import { dialLink } from '../supervision/links/dial-link.js'
import { carriedBy, SOCKETS } from '../supervision/links/link-carrier.js'
import type { LinkSecrets } from '../supervision/links/link-secrets.js'
import { type EngageOrder, type SealedSpec, SUBJECTS, type WorkerOffer } from './fleet-messages.js'
import { readEngaged } from './read-messages.js'
import { createRemoteCoreWorker } from './remote-core-worker.js'
import type { RunStamp } from './run-stamp.js'

export interface EngagingOptions {
  readonly rendezvous: Rendezvous
  /** Id of the session, to which the ends of processes are reported. */
  readonly session: string
  readonly authorities?: string | undefined
  /** Carries links by way of the server; null: workers are dialled. */
  readonly nats: NatsCarrier | null
  /** Links to workers that do not encrypt theirs are made all the same. */
  readonly insecure: boolean
}

/** A process that a worker is to start. */
export interface WantedProcess {
  readonly offer: WorkerOffer
  readonly stamp: RunStamp
  /** Number of the process within the start. */
  readonly host: number
  readonly spec: SealedSpec
  /** Resolved with what the worker reports. */
  readonly ended: Deferred<CoreWorkerEnd>
}

/** A process that a worker has started, and where it listens. */
export interface EngagedWorker {
  readonly offer: WorkerOffer
  readonly door: DoorAddress
  readonly coreWorker: CoreWorker
}

/**
 * Orders a process of a worker.
 *
 * @throws RunError WORKER_INSECURE, and what the worker refuses it for
 */
export async function engageWorker(
  { rendezvous, session, insecure }: EngagingOptions,
  { offer, stamp, host, spec, ended }: WantedProcess,
): Promise<EngagedWorker> {
  const sealed = await seal(JSON.stringify(spec), offer.sealKey)
  const order: EngageOrder = { type: 'engage', stamp, session, host, sealed }
  const reply = await rendezvous.request(SUBJECTS.worker(offer.id), order as unknown as JsonValue)
  const { door, pid } = readEngaged(reply)
  if (!insecure) requireSecure(door, offer)
  const cores = spec.cores.map(({ core }) => core)
  return { offer, door, coreWorker: createRemoteCoreWorker({ rendezvous, offer, stamp, host, cores, pid, ended }) }
}

/** The coordinator's link to a core of an engaged worker, once it is open. */
export async function openControl(
  { nats, authorities }: EngagingOptions,
  { door }: Pick<EngagedWorker, 'door'>,
  core: number,
  { spec, secrets }: { readonly spec: ClusterSpec; readonly secrets: LinkSecrets },
): Promise<Link> {
  const token = secrets.of(core, COORDINATOR)
  const call = { own: COORDINATOR, peer: core, secret: token, patience: spec.startLimit, authorities }
  const port = await dialLink(door, call, nats === null ? SOCKETS : carriedBy(nats))
  const link = createLink(port, controlOptions(spec, { role: 'dial', index: COORDINATOR, peers: [core], token }))
  await link.opened
  return link
}

/** Everything that is sent over such a link, secrets included, can be read on its way. */
function requireSecure({ url, security }: DoorAddress, { name, machine }: WorkerOffer): void {
  // By way of a server everything is sealed.
  if (security !== null || isLoopback(new URL(url).hostname)) return
  throw new RunError({
    code: 'WORKER_INSECURE',
    message: `Worker ${name} on ${machine} does not encrypt the links to it, at ${url}.`,
    details: { worker: name, machine },
    remedy: 'Start it without --insecure, or accept that by --insecure here, too.',
  })
}
