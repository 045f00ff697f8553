import { InternalError } from '../events/errors.js'
import { partitionEvenly } from '../hardware/linear-partition.js'
import { NO_LIMIT } from '../hardware/load.js'
import type { CorePlacement, Placement } from '../hardware/placement.js'
import { placementHash } from '../hardware/placement-hash.js'
import { measureWork } from '../hardware/work.js'
import type { Network } from '../network/description/network.js'
import { structureHash } from '../network/file/structure-hash.js'
import { moduleReferences } from '../network/modules/module-references.js'
import { isLoopback } from '../streams/links/loopback.js'
import type { Note } from './cluster-notes.js'
import { type ClusterSettings, MOST_TIME } from './cluster-options.js'
import type { ClusterSession, ClusterWorker, Restart } from './cluster-session.js'
import { sharedSettings } from './computation-options.js'
import type { Fleet } from './fleet/fleet.js'
import { joinFleet } from './fleet/join-fleet.js'
import { identifyModules } from './modules/module-identity.js'
import { ANY_MODULE } from './modules/module-policy.js'
import type { Partition } from './partition/partition.js'
import { neighbourhood } from './partition/pathways/neighbours.js'
import { watchSlowness } from './partition/slow-replica.js'
import { requireMemory } from './require-memory.js'
import { sessionOverCluster } from './session-over-cluster.js'
import type { LiveCluster } from './supervision/cluster-series.js'
import type { ClusterSpec } from './supervision/cluster-spec.js'
import type { Launcher } from './supervision/launcher.js'
import { drawLinkSecrets } from './supervision/links/link-secrets.js'
import { openRestartingSession } from './supervision/restarting-session.js'
import { startCluster } from './supervision/start-cluster.js'
import type { ClusterTracer } from './trace/cluster-tracer.js'
import { TRANSPORTS } from './transport-table.js'
import { outlivingHub, type WatchHub } from './watch/watch-hub.js'

/**
 * A coordinator on another machine may end without a connection breaking: it counts as lost after this number of
 * silences of a partition, but not before this many ms.
 */
const COORDINATOR_SILENCES = 6
const LEAST_COORDINATOR_SILENCE = 60_000

/** What outlives a cluster that is restarted. */
export interface Surroundings {
  readonly tracer: ClusterTracer | null
  readonly signal: AbortSignal | undefined
  readonly note: Note
  /** Where those sit who watch. */
  readonly hub: WatchHub
  /** What holds the cores. */
  readonly holder: ClusterWorker['kind']
  /** Called before every restart. */
  readonly onRestart: (restart: Restart) => void
}

/** The same of one start, with the workers that it uses. */
interface StartSurroundings extends Omit<Surroundings, 'onRestart'> {
  readonly fleet: Fleet | null
  /** Called when the cluster has been closed. */
  leave(): Promise<void>
}

/**
 * Opens a session over partitions in threads, processes or on other machines; with `restarts` it outlives their failures.
 * Raises what `openCluster` raises for a start that fails; then nothing of it is left.
 */
export async function openElsewhere(
  network: Network,
  placement: Placement,
  settings: ClusterSettings,
  { onRestart, ...surroundings }: Surroundings,
): Promise<ClusterSession> {
  const { signal, note, hub } = surroundings
  const joined = await joinFleet(placement, settings, { onNote: note, signal })
  const leave = async () => joined[Symbol.asyncDispose]()
  const { restarts } = settings
  const around = { ...surroundings, fleet: joined.fleet }
  try {
    if (restarts === 0) {
      const { session } = await openOnce(network, placement, settings, { ...around, leave })
      return session
    }
    const start = () =>
      openOnce(network, placement, settings, { ...around, hub: outlivingHub(hub), leave: async () => undefined })
    return await openRestartingSession({ start, hub, restarts, onRestart, leave, signal })
  } catch (error) {
    await leave()
    throw error
  }
}

async function openOnce(
  network: Network,
  placement: Placement,
  settings: ClusterSettings,
  { tracer, signal, note, fleet, hub, holder: kind, leave }: StartSurroundings,
): Promise<LiveCluster> {
  // Workers elsewhere look after their own memory.
  if (fleet === null) requireMemory({ network, cores: placement.cores, replicas: settings.replicas }, settings)
  // Before anything is started: what is not here need not be looked for elsewhere.
  const modules = await identifyModules(moduleReferences(network), ANY_MODULE)
  const launcher = await openLauncher(network, placement, settings, fleet)
  const { partitions, supervisor } = await startCluster({
    network,
    placement,
    modules,
    launcher,
    ...settings,
    signal,
  })
  const { failure, failed } = supervisor
  const count = placement.cores.length
  const opened = {
    network,
    placement,
    partitions,
    watchReplicas: (replicas: readonly Partition[]) => watchSlowness(replicas, (text) => note(text, 'REPLICA_SLOW')),
    coreWorkers: launcher.coreWorkers.map(({ cores }) => cores.map((member) => member % count)),
    workers: launcher.coreWorkers.flatMap(({ cores, id, worker }) =>
      cores.map((core): ClusterWorker => ({ core, kind, id, ...(worker === undefined ? {} : { worker }) })),
    ),
    tracer,
    hub,
    note: (text: string) => note(text, 'SAMPLES_SENT'),
    failure,
    failed,
    close: () => supervisor.close().finally(leave),
  }
  const session = sessionOverCluster(opened, settings)
  return { session, failure }
}

/**
 * Starts processes or threads for all cores; new secrets keep strangers out of their links.
 *
 * @param fleet the workers of other machines that hold the processes; null: this machine does
 * @public for tests that start core workers without a cluster
 */
export async function openLauncher(
  network: Network,
  placement: Placement,
  settings: ClusterSettings,
  fleet: Fleet | null,
): Promise<Launcher> {
  const { transport, processes, host, port, insecure, allowOrigins, silence, replicas } = settings
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
  const members = placement.cores.length * replicas
  const deal = (coreWorkers: number) => dealCores(placement, Math.min(coreWorkers, members), workOn, replicas)
  if (fleet !== null) return fleet.openLauncher({ spec, secrets, deal })
  if (openHere === null) throw new InternalError(`No process or thread of this machine is linked by ${transport}.`)
  // Links within one machine cannot be read from outside and need no encryption.
  const security = insecure || isLoopback(host) ? {} : { security: { kind: 'psk' } as const }
  return openHere({
    dealt: deal(processes),
    spec,
    secrets,
    neighbours: () => neighbourhood(network, placement, settings).neighbours,
    address: { host, port, allowOrigins, ...security },
  })
}

/**
 * Deals the cores of a placement, of all replicas, to core workers; returns the members that each of them holds, see
 * `neighbourhood`.
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
  replicas = 1,
): readonly (readonly number[])[] {
  const members = Array.from({ length: replicas }, () => cores).flat()
  const loads = members.map((core) => ({ neurons: core.neurons, synapses: workOf(core) }))
  const ends = partitionEvenly(loads, coreWorkers, NO_LIMIT)
  if (ends === null)
    throw new RangeError(`${members.length} cores cannot be dealt to ${coreWorkers} processes or threads`)
  const numbers = [...members.keys()]
  return ends.map((end, coreWorker) => numbers.slice(ends[coreWorker - 1] ?? 0, end))
}
