import type { Placement } from '../hardware/placement.js'
import type { Network } from '../network/description/network.js'
import { moduleReferences } from '../network/modules/module-references.js'
import type { Note } from './cluster-notes.js'
import type { ClusterSettings } from './cluster-options.js'
import type { ClusterSession, ClusterWorker, Restart } from './cluster-session.js'
import type { Fleet } from './fleet/fleet.js'
import { joinFleet } from './fleet/join-fleet.js'
import { identifyModules } from './modules/module-identity.js'
import { ANY_MODULE } from './modules/module-policy.js'
import { requireMemory } from './require-memory.js'
import { sessionOverCluster } from './session-over-cluster.js'
import type { LiveCluster } from './supervision/cluster-series.js'
import { openLauncher } from './supervision/open-launcher.js'
import { openRestartingSession } from './supervision/restarting-session.js'
import { startCluster } from './supervision/start-cluster.js'
import type { ClusterTracer } from './trace/cluster-tracer.js'
import { outlivingHub, type WatchHub } from './watch/watch-hub.js'

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
  if (fleet === null) requireMemory({ network, cores: placement.cores }, settings)
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
  const opened = {
    network,
    placement,
    partitions,
    coreWorkers: launcher.coreWorkers.map(({ cores }) => cores),
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
