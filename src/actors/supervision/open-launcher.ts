import { InternalError } from '../../events/errors.js'
import { partitionEvenly } from '../../hardware/linear-partition.js'
import { NO_LIMIT } from '../../hardware/load.js'
import type { CorePlacement, Placement } from '../../hardware/placement.js'
import { placementHash } from '../../hardware/placement-hash.js'
import { measureWork } from '../../hardware/work.js'
import type { Network } from '../../network/description/network.js'
import { structureHash } from '../../network/file/structure-hash.js'
import { isLoopback } from '../../streams/links/loopback.js'
import { type ClusterSettings, MOST_TIME } from '../cluster-options.js'
import type { Fleet } from '../fleet/fleet.js'
import { neighbourhood } from '../partition/pathways/neighbours.js'
import { TRANSPORTS } from '../transport-table.js'
import { type ClusterSpec, sharedSettings } from './cluster-spec.js'
import type { Launcher } from './launcher.js'
import { drawLinkSecrets } from './links/link-secrets.js'

/**
 * A coordinator on another machine may end without a connection breaking: it counts as lost after this number of
 * silences of a partition, but not before this many ms.
 */
const COORDINATOR_SILENCES = 6
const LEAST_COORDINATOR_SILENCE = 60_000

/**
 * Starts processes or threads for all cores; new secrets keep strangers out of their links.
 *
 * @param fleet the workers of other machines that hold the processes; null: this machine does
 */
export async function openLauncher(
  network: Network,
  placement: Placement,
  settings: ClusterSettings,
  fleet: Fleet | null,
): Promise<Launcher> {
  const { transport, processes, host, port, insecure, allowOrigins, kernel, silence } = settings
  const { maxFrame, openLauncher: openHere } = TRANSPORTS[transport]
  const spec: ClusterSpec = {
    ...sharedSettings(settings),
    structure: structureHash(network),
    placement: placementHash(placement),
    maxFrame,
    coordinatorSilence:
      fleet === null ? MOST_TIME : Math.max(LEAST_COORDINATOR_SILENCE, COORDINATOR_SILENCES * silence),
  }
  const secrets = drawLinkSecrets()
  const workOf = measureWork(network, () => 1)
  const workOn = ({ slices }: CorePlacement) => slices.reduce((sum, slice) => sum + workOf(slice), 0)
  const deal = (coreWorkers: number) => dealCores(placement, Math.min(coreWorkers, placement.cores.length), workOn)
  if (fleet !== null) return fleet.openLauncher({ spec, secrets, deal })
  if (openHere === null) throw new InternalError(`No process or thread of this machine is linked by ${transport}.`)
  // Links within one machine cannot be read from outside and need no encryption.
  const security = insecure || isLoopback(host) ? {} : { security: { kind: 'psk' } as const }
  return openHere({
    dealt: deal(processes),
    spec,
    secrets,
    neighbours: () => neighbourhood(network, placement, kernel).neighbours,
    address: { host, port, allowOrigins, ...security },
  })
}

/**
 * Deals the cores of a placement to core workers; returns the cores that each of them holds.
 *
 * Cores that follow each other hold slices that follow each other in the network, so most of their messages go to
 * neighbours: every core worker holds a run of consecutive cores. The runs are as even in work, and then in neurons, as that
 * allows, for the cores of one core worker compute in turn.
 *
 * @param coreWorkers number of core workers, from 1 to the number of cores
 * @param workOf in whole numbers
 */
export function dealCores(
  { cores }: Pick<Placement, 'cores'>,
  coreWorkers: number,
  workOf: (core: CorePlacement) => number,
): readonly (readonly number[])[] {
  const loads = cores.map((core) => ({ neurons: core.neurons, synapses: workOf(core) }))
  const ends = partitionEvenly(loads, coreWorkers, NO_LIMIT)
  if (ends === null)
    throw new RangeError(`${cores.length} cores cannot be dealt to ${coreWorkers} processes or threads`)
  return ends.map((end, coreWorker) => cores.slice(ends[coreWorker - 1] ?? 0, end).map(({ core }) => core))
}
