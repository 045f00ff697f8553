import { createDeferred } from '../events/deferred.js'
import { RunError } from '../events/errors.js'
import { checkPlacement } from '../hardware/check-placement.js'
import type { Placement } from '../hardware/placement.js'
import type { Network } from '../network/description/network.js'
import { requireSlowOperators } from '../network/graph/require-slow-operators.js'
import { readNetwork } from '../network/reading/read-network.js'
import { once, warnOfClearLinks } from './cluster-notes.js'
import { type ClusterOptions, type ClusterSettings, clusterSettings, requireProcesses } from './cluster-options.js'
import type { ClusterSession, Restart } from './cluster-session.js'
import { loadModules } from './modules/load-modules.js'
import { ANY_MODULE } from './modules/module-policy.js'
import { openLocalPartitions } from './partition/wiring/open-local-partitions.js'
import { sessionOverCluster } from './session-over-cluster.js'
import { IN_PARTITION } from './supervision/in-partition.js'
import { interruptionOf } from './supervision/interruption-of.js'
import { machineMicroseconds, memoryInUse } from './supervision/system-clock.js'
import { type ClusterTracer, createClusterTracer } from './trace/cluster-tracer.js'
import { TRANSPORTS } from './transport-table.js'
import { createWatchHub, endWithSession, type WatchHub } from './watch/watch-hub.js'

export type { ClusterSession, CoreTraffic } from './cluster-session.js'

/**
 * Opens a network spread over the cores of a placement; every bit is the same as with `open`.
 *
 * Cores are threads, or processes that are linked by websockets, as `transport` says; where there are fewer `processes`
 * than cores, each holds several. A partition that dies, falls silent or sends what it must not ends the cluster: all
 * calls in progress and every later call reject with a `RunError` CORE_DIED, CORE_SILENT, CORE_FAILED or
 * CORE_UNREACHABLE that names the link and the last watermark. With `restarts` all partitions are restarted instead,
 * and continue from where they stood, with the same bits.
 *
 * Raises `InputError` for options out of range, a placement of another network, numbers drawn out of range and
 * PORT_IN_USE; `RunError` CORE_LATE and the codes above if the start fails. Whatever the end, no process is left.
 *
 * @example
 * const session = await openCluster(network, place(network, mesh({ columns: 2, rows: 2 })), { seed: 7 })
 * const { spikes } = await session.simulate({ count: 1, until: 50, inputs })
 * await session.close()
 */
export async function openCluster<Names extends string>(
  network: Network<Names>,
  placement: Placement,
  options: ClusterOptions = {},
): Promise<ClusterSession<Names>> {
  readNetwork(network)
  requireSlowOperators(network)
  const settings = clusterSettings(options)
  const { signal, onRestart = () => undefined, onNote = (note) => process.emitWarning(note) } = options
  checkPlacement(network, placement)
  requireProcesses(options.processes, settings.replicas * placement.cores.length)
  signal?.throwIfAborted()
  const tracer = settings.trace ? createClusterTracer(machineMicroseconds) : null
  const hub = createWatchHub({ network, note: onNote })
  const ended = (session: ClusterSession) => endWithSession(hub, session) as ClusterSession<Names>
  const { holder } = TRANSPORTS[settings.transport]
  if (holder === null) return ended(await openHere(network, placement, settings, { tracer, signal, hub }))
  if (process.env[IN_PARTITION] !== undefined) throw inPartition()
  const note = once(onNote)
  warnOfClearLinks(settings, note)
  const tellRestart = (restart: Restart) => {
    tracer?.restarted(restart)
    onRestart(restart)
  }
  // The entry to supervision, fleets and links: a session in this process needs none of them, nor the modules of Node.js.
  const { openElsewhere } = await import('./open-elsewhere.js')
  const surroundings = { tracer, signal, note, hub, holder, onRestart: tellRestart }
  return ended(await openElsewhere(network, placement, settings, surroundings))
}

/** What a session in this process is opened with beside its settings. */
interface Surroundings {
  readonly tracer: ClusterTracer | null
  readonly signal: AbortSignal | undefined
  readonly hub: WatchHub
}

async function openHere(
  network: Network,
  placement: Placement,
  settings: ClusterSettings,
  { tracer, signal, hub }: Surroundings,
): Promise<ClusterSession> {
  const trace = tracer === null ? undefined : machineMicroseconds
  const modules = await loadModules(network, ANY_MODULE)
  const { replicas } = settings
  const { partitions, close } = await openLocalPartitions(
    { network, placement, replicas, memory: memoryInUse, trace, modules },
    settings,
  )
  const interrupted = createDeferred<Error>()
  const interrupt = () => interrupted.resolve(interruptionOf(signal as AbortSignal))
  signal?.addEventListener('abort', interrupt)
  const opened = {
    network,
    placement,
    partitions,
    // Cores of one process compute in turn.
    coreWorkers: [placement.cores.map(({ core }) => core)],
    workers: [],
    tracer,
    hub,
    failure: () => interruptionBy(signal),
    failed: interrupted.promise,
    close() {
      signal?.removeEventListener('abort', interrupt)
      return close()
    },
  }
  return sessionOverCluster(opened, settings)
}

/** Why a session in this process does no more runs; null as long as it does. */
function interruptionBy(signal: AbortSignal | undefined): Error | null {
  return signal?.aborted === true ? interruptionOf(signal) : null
}

function inPartition(): RunError {
  return new RunError({
    code: 'CLUSTER_IN_PARTITION',
    message: 'A module that a partition has imported to make a task opens a cluster itself.',
    remedy: 'Put the function that makes the task into a module of its own, which does nothing but export.',
  })
}
