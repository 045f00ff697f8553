import { randomBytes } from 'node:crypto'
import type { CorePlacement, Placement } from '../../hardware/placement.js'
import { placementHash } from '../../hardware/placement-hash.js'
import { measureWork } from '../../hardware/work.js'
import type { Network } from '../../network/network.js'
import { structureHash } from '../../network/structure-hash.js'
import type { ClusterSettings } from '../cluster-options.js'
import { neighbourhood } from '../partition/neighbours.js'
import { dealCores } from './deal-cores.js'
import { openProcessSite } from './open-process-site.js'
import { openThreadSite } from './open-thread-site.js'
import type { Site } from './site.js'
import type { ClusterSpec } from './worker-spec.js'

const TOKEN_BYTES = 32

/** Starts processes or threads for all cores; a new token keeps strangers out of their links. */
export async function openSite(network: Network, placement: Placement, settings: ClusterSettings): Promise<Site> {
  const { transport, processes, host, port, seed, kernel, threads, metrics, trace } = settings
  const { silence, heartbeat, startLimit } = settings
  const spec: ClusterSpec = {
    token: randomBytes(TOKEN_BYTES).toString('hex'),
    structure: structureHash(network),
    kernel,
    threads,
    metrics,
    trace,
    placement: placementHash(placement),
    seed,
    silence,
    heartbeat,
    startLimit,
  }
  const workOf = measureWork(network, () => 1)
  const workOn = ({ slices }: CorePlacement) => slices.reduce((sum, slice) => sum + workOf(slice), 0)
  const dealt = dealCores(placement, Math.min(processes, placement.cores.length), workOn)
  if (transport === 'thread') {
    const { neighbours } = neighbourhood(network, placement, kernel)
    return openThreadSite({ neighbours, dealt, spec })
  }
  const place = transport === 'unix' ? 'sockets' : { host, port }
  return openProcessSite({ dealt, spec, place })
}
