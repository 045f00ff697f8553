import { RunError } from '../events/errors.js'
import { checkPlacement } from '../hardware/check-placement.js'
import type { Placement } from '../hardware/placement.js'
import type { Network } from '../network/description/network.js'
import { requireSlowOperators } from '../network/graph/require-slow-operators.js'
import { moduleReferences } from '../network/modules/module-references.js'
import { readNetwork } from '../network/reading/read-network.js'
import { type Note, once, warnOfClearLinks } from './cluster-notes.js'
import { type ClusterOptions, type ClusterSettings, clusterSettings, requireProcesses } from './cluster-options.js'
import type { ClusterSession, ClusterWorker, Restart } from './cluster-session.js'
import { createClusterSession } from './create-cluster-session.js'
import type { Fleet } from './fleet/fleet.js'
import { joinFleet } from './fleet/join-fleet.js'
import { loadModules } from './modules/load-modules.js'
import { identifyModules } from './modules/module-identity.js'
import { ANY_MODULE } from './modules/module-policy.js'
import type { Partition } from './partition/partition.js'
import { openLocalPartitions } from './partition/wiring/open-local-partitions.js'
import { requireMemory } from './require-memory.js'
import { createSession, type SessionOptions } from './session/create-session.js'
import { type MicroBatchOptions, microBatchOf } from './session/micro-batch.js'
import type { StreamingSession } from './streaming/spike-stream.js'
import { createDeferred } from './supervision/deferred.js'
import { IN_PARTITION } from './supervision/in-partition.js'
import { interruptionOf } from './supervision/interruption-of.js'
import { openLauncher } from './supervision/open-launcher.js'
import { type LiveCluster, openRestartingSession } from './supervision/restarting-session.js'
import { startCluster } from './supervision/start-cluster.js'
import { machineMicroseconds, memoryInUse } from './supervision/system-clock.js'
import { type ClusterTracer, createClusterTracer } from './trace/cluster-tracer.js'
import { TRANSPORTS } from './transport-table.js'
import { createWatchDesk, endWithSession, outlivingDesk, type WatchDesk } from './watch/watch-desk.js'

export type { ClusterSession, ClusterWorker, CoreTraffic } from './cluster-session.js'

/**
 * Opens a network spread over the cores of a placement; every bit is the same as with `open`.
 *
 * Cores are threads, or processes that are linked by websockets, as `transport` says; where there are fewer `processes`
 * than cores, each holds several. A partition that dies, falls silent or sends what it must not ends the cluster: whatever
 * is under way and every later call rejects with a `RunError` CORE_DIED, CORE_SILENT, CORE_FAILED or CORE_UNREACHABLE that
 * names the link and the last watermark. With `restarts` all partitions are started anew instead, and go on from where they
 * stood, with the same bits.
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
  requireProcesses(options.processes, placement.cores.length)
  signal?.throwIfAborted()
  const tracer = settings.trace ? createClusterTracer(machineMicroseconds) : null
  const desk = createWatchDesk({ network, note: onNote })
  const ended = (session: ClusterSession) => endWithSession(desk, session) as ClusterSession<Names>
  const { holder } = TRANSPORTS[settings.transport]
  if (holder === null) return ended(await openHere(network, placement, settings, { tracer, signal, desk }))
  if (process.env[IN_PARTITION] !== undefined) throw inPartition()
  const note = once(onNote)
  warnOfClearLinks(settings, note)
  const joined = await joinFleet(placement, settings, { onNote: note, signal })
  const leave = async () => joined[Symbol.asyncDispose]()
  const surroundings = { tracer, signal, note, fleet: joined.fleet, desk, holder }
  const { restarts } = settings
  const tellRestart = (restart: Restart) => {
    tracer?.restarted(restart)
    onRestart(restart)
  }
  try {
    if (restarts === 0) {
      const { session } = await openElsewhere(network, placement, settings, { ...surroundings, leave })
      return ended(session)
    }
    const start = () =>
      openElsewhere(network, placement, settings, { ...surroundings, desk: outlivingDesk(desk), leave: nothing })
    const session = await openRestartingSession({ start, desk, restarts, onRestart: tellRestart, leave, signal })
    return ended(session)
  } catch (error) {
    await leave()
    throw error
  }
}

const nothing = async () => undefined

async function openHere(
  network: Network,
  placement: Placement,
  { seed, kernel, spikeLimit, threads, microBatch, metrics }: ClusterSettings,
  { tracer, signal, desk }: Pick<Surroundings, 'tracer' | 'signal' | 'desk'>,
): Promise<ClusterSession> {
  const memory = metrics ? memoryInUse : undefined
  const trace = tracer === null ? undefined : machineMicroseconds
  const modules = await loadModules(network, ANY_MODULE)
  const made = { network, seed, placement, kernel, spikeLimit, threads, memory, trace, modules }
  const opened = openLocalPartitions(made)
  const { partitions, tracedSteps } = traced(opened.partitions, tracer)
  const interrupted = createDeferred<Error>()
  const interrupt = () => interrupted.resolve(interruptionOf(signal as AbortSignal))
  signal?.addEventListener('abort', interrupt)
  const leave = () => {
    signal?.removeEventListener('abort', interrupt)
    return opened.close()
  }
  // Cores of one process compute in turn.
  const coreWorkers = [placement.cores.map(({ core }) => core)]
  const parts = { partitions, coreWorkers, tracedSteps, desk, close: leave }
  const session = sessionOver({ network, seed, placement, kernel, microBatch, ...parts })
  const failure = () => interruptionBy(signal)
  return createClusterSession(session, {
    placement,
    partitions,
    workers: [],
    tracer,
    failure,
    failed: interrupted.promise,
  })
}

/** Why a session in this process does no more runs; null as long as it does. */
function interruptionBy(signal: AbortSignal | undefined): Error | null {
  return signal?.aborted === true ? interruptionOf(signal) : null
}

/** What outlives a cluster that is started anew. */
interface Surroundings {
  readonly tracer: ClusterTracer | null
  readonly signal: AbortSignal | undefined
  readonly note: Note
  readonly fleet: Fleet | null
  /** What holds the cores. */
  readonly holder: ClusterWorker['kind']
  /** Where those sit who watch. */
  readonly desk: WatchDesk
  /** Called when the cluster has been closed. */
  leave(): Promise<void>
}

async function openElsewhere(
  network: Network,
  placement: Placement,
  settings: ClusterSettings,
  { tracer, signal, note, fleet, desk, holder: kind, leave }: Surroundings,
): Promise<LiveCluster> {
  // Workers elsewhere look after their own memory.
  if (fleet === null) requireMemory({ network, kernel: settings.kernel, cores: placement.cores })
  // Before anything is started: what is not here need not be looked for elsewhere.
  const modules = await identifyModules(moduleReferences(network), ANY_MODULE)
  const launcher = await openLauncher(network, placement, settings, fleet)
  const { partitions: started, supervisor } = await startCluster({
    network,
    placement,
    modules,
    launcher,
    ...settings,
    signal,
  })
  const { partitions, tracedSteps } = traced(started, tracer)
  const { seed, kernel, microBatch } = settings
  const close = () => supervisor.close().finally(leave)
  const coreWorkers = launcher.coreWorkers.map(({ cores }) => cores)
  const parts = {
    partitions,
    coreWorkers,
    tracedSteps,
    desk,
    note: (text: string) => note(text, 'SAMPLES_SENT'),
    close,
  }
  const session = sessionOver({ network, seed, placement, kernel, microBatch, ...parts })
  const workers = launcher.coreWorkers.flatMap(({ cores, id, worker }) =>
    cores.map((core): ClusterWorker => ({ core, kind, id, ...(worker === undefined ? {} : { worker }) })),
  )
  const { failure, failed } = supervisor
  return {
    session: createClusterSession(session, { placement, partitions, workers, tracer, failure, failed }),
    failure,
  }
}

/** A session whose micro-batches suit the core workers that hold its partitions. */
function sessionOver({
  microBatch,
  coreWorkers,
  ...session
}: MicroBatchOptions & Omit<SessionOptions, 'microBatchOf'>): StreamingSession {
  return createSession({ ...session, microBatchOf: microBatchOf({ ...session, microBatch, coreWorkers }) })
}

/** The partitions, and what makes of training steps such that are recorded; as they are where nobody records. */
function traced(partitions: readonly Partition[], tracer: ClusterTracer | null) {
  const cluster = tracer?.started(partitions)
  return { partitions: cluster?.partitions ?? partitions, tracedSteps: cluster?.steps }
}

function inPartition(): RunError {
  return new RunError({
    code: 'CLUSTER_IN_PARTITION',
    message: 'A module that a partition has imported to make a task opens a cluster itself.',
    remedy: 'Put the function that makes the task into a module of its own, which does nothing but export.',
  })
}
