import { DEFAULT_KERNEL } from '../../dynamics/kernels/kernel-kind.js'
import { DEFAULT_SPIKE_LIMIT } from '../../dynamics/models/spike-limit.js'
import type { Rendezvous } from '../../rendezvous/rendezvous.js'
import { COORDINATOR } from '../../streams/links/link-options.js'
import type { ListenerAddress } from '../supervision/cluster-spec.js'
import { dialLink } from '../supervision/links/dial-link.js'
import { drawLinkSecrets } from '../supervision/links/link-secrets.js'
import { type AwaitedEnd, createAwaitedEnds } from './awaited-ends.js'
import { orderProcess } from './engage-worker.js'
import { drawId, type SealedSpec, SUBJECTS, type WorkerOffer } from './fleet-messages.js'
import type { OrderEpoch } from './order-epoch.js'
import { freeSlots } from './pick-slots.js'
import { readCoreWorkerReport } from './read-messages.js'

/** What came of a try of a slot of a worker. */
export interface TriedListener {
  /** Where the process of the slot listens; null: none was started, see the failure. */
  readonly door: ListenerAddress | null
  /** What the worker, or who dialled, raised; null: the link stands. */
  readonly failure: Error | null
}

/** Stands for the hashes of a network and a placement; no peer accepts it as theirs. */
const NO_HASH = '0'.repeat(32)

/**
 * Has a worker start a process in each free slot, as a run does, and opens a link to it, up to where both sides have shown
 * that they know its secret; then the slots are free again. A process that is not released ends by itself after `limit`.
 *
 * @param limit in ms, for each link
 */
export async function tryListeners(
  rendezvous: Rendezvous,
  offer: WorkerOffer,
  { authorities, limit }: { readonly authorities: string | undefined; readonly limit: number },
): Promise<readonly TriedListener[]> {
  const session = drawId(rendezvous.user)
  const stamp: OrderEpoch = { run: `doctor ${session}`, epoch: 0, start: 1 }
  const ends = createAwaitedEnds(() => undefined)
  ends.begin(stamp)
  const hosts = Array.from({ length: freeSlots(offer) }, (_, host) => ends.expect(host, offer))
  await using _reports = await rendezvous.reply(SUBJECTS.session(session), async (body) => {
    ends.take(readCoreWorkerReport(body))
    return {}
  })
  const secrets = drawLinkSecrets()
  // Reports of ends are heard until then.
  return await Promise.all(hosts.map((end, host) => tryListener(host, end)))

  async function tryListener(host: number, { ended, secret: endSecret }: AwaitedEnd): Promise<TriedListener> {
    const spec: SealedSpec = { ...specOf(limit), cores: secrets.held([host]), mostLinks: 1, links: 'direct', endSecret }
    const ordered = await orderProcess({ rendezvous, session }, { offer, stamp, host, spec, ended }).catch(
      (error: Error) => error,
    )
    if (ordered instanceof Error) return { door: null, failure: ordered }
    const { door, coreWorker } = ordered
    const secret = secrets.of(host, COORDINATOR)
    try {
      const call = { own: COORDINATOR, peer: host, secret, patience: limit, authorities }
      ;(await dialLink(door, call)).abort()
      return { door, failure: null }
    } catch (error) {
      return { door, failure: error as Error }
    } finally {
      coreWorker.kill()
      await ended.promise
    }
  }
}

function specOf(limit: number): Omit<SealedSpec, 'cores' | 'mostLinks' | 'links' | 'endSecret'> {
  return {
    ...{
      structure: NO_HASH,
      placement: NO_HASH,
      seed: 0,
      kernel: DEFAULT_KERNEL,
      spikeLimit: DEFAULT_SPIKE_LIMIT,
      threads: 1,
      replicas: 1,
    },
    ...{ metrics: false, trace: false, silence: limit, heartbeat: limit, startLimit: limit, maxFrame: 1 << 20 },
    coordinatorSilence: limit,
  }
}
