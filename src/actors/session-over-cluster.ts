import { InternalError } from '../events/errors.js'
import type { Placement } from '../hardware/placement.js'
import { aroundSteps } from '../learning/around-steps.js'
import { sessionClosed } from '../learning/session-closed.js'
import type { Network } from '../network/description/network.js'
import type { ClusterSettings } from './cluster-options.js'
import type { ClusterSession, ClusterWorker, CoreTraffic } from './cluster-session.js'
import type { Partition } from './partition/partition.js'
import { replicated } from './partition/replicated-partition.js'
import { createSession, type SessionOptions } from './session/create-session.js'
import { type Forward, forwardedCalls } from './session/forwarded-calls.js'
import { microBatchOf } from './session/micro-batch.js'
import { openStream } from './streaming/open-stream.js'
import { createSessionEnd } from './streaming/session-end.js'
import type { StreamingSession } from './streaming/spike-stream.js'
import type { StreamHost } from './streaming/stream-host.js'
import { nameOfCore } from './supervision/name-of-cores.js'
import type { ClusterTracer } from './trace/cluster-tracer.js'
import type { WatchHub } from './watch/watch-hub.js'

/** The partitions of a cluster, in this process or elsewhere, and what their session is made with. */
export interface OpenedCluster extends ClusterParts, Pick<SessionOptions, 'note'> {
  readonly network: Network
  readonly placement: Placement
  /** Given the replicas of a core: what is called after each run that all of them have computed a part of. */
  watchReplicas?(replicas: readonly Partition[]): () => void
  /** Per core worker: its cores, which compute in turn. */
  readonly coreWorkers: readonly (readonly number[])[]
  readonly hub: WatchHub
  /** Called once, after the partitions are closed. */
  close(): Promise<void>
}

/** A session whose micro-batches suit the core workers, and whose partitions and steps are traced if there is a tracer. */
export function sessionOverCluster(cluster: OpenedCluster, settings: ClusterSettings): ClusterSession {
  const { network, placement, coreWorkers, tracer, hub, note, close } = cluster
  const traced = tracer?.started(cluster.partitions, coresOfReplica(cluster))
  const partitions = joinReplicas({ ...cluster, ...traced })
  const parts = { network, placement, partitions, hub, close, ...(note === undefined ? {} : { note }) }
  const sizesOf = microBatchOf({ network, placement, coreWorkers }, settings)
  const session = createSession(
    { ...parts, runsAhead: true, microBatchOf: sizesOf, tracedSteps: traced?.steps },
    settings,
  )
  return createClusterSession(session, cluster)
}

/** By core: its partition, or all replicas of it as one. */
function joinReplicas({ placement, partitions, watchReplicas }: OpenedCluster): readonly Partition[] {
  return placement.cores.map(({ core }) => {
    const replicas = partitions.filter((partition) => partition.core % placement.cores.length === core)
    return replicated(replicas, watchReplicas?.(replicas))
  })
}

/** Cores that every replica has; undefined: there are no replicas. */
function coresOfReplica({ placement, partitions }: Pick<ClusterParts, 'placement' | 'partitions'>): number | undefined {
  const { length } = placement.cores
  return partitions.length === length ? undefined : length
}

/** What a session over partitions is made a cluster's with. */
interface ClusterParts {
  readonly placement: Placement
  /** All replicas of every core: what they have counted and recorded is reported one by one. */
  readonly partitions: readonly Partition[]
  readonly workers: readonly ClusterWorker[]
  readonly tracer: ClusterTracer | null
  /** Why the cluster failed; null as long as it has not. */
  failure(): Error | null
  /** Resolves with the same when it fails. */
  readonly failed: Promise<Error>
}

/** After a failure every call but `close` rejects with it, whatever else the call would have said. */
export function createClusterSession(session: StreamingSession, parts: ClusterParts): ClusterSession {
  const { placement, workers, failure, failed } = parts
  let closing: Promise<void> | null = null
  const streams = createSessionEnd()
  session.host.onEnd((reason) => streams.end(failure() ?? reason))
  void failed.then(streams.end)
  const open = { ...session, ...readings(parts, requireOpen) }

  async function watched<Result>(work: () => Promise<Result>): Promise<Result> {
    const failed = failure()
    if (failed !== null) throw failed
    try {
      return await work()
    } catch (error) {
      throw failure() ?? error
    }
  }

  function requireOpen(): void {
    if (closing !== null) throw sessionClosed()
  }

  const host: StreamHost = {
    claim: () => watched(() => session.host.claim()),
    release: () => session.host.release(),
    run: (request) => watched(() => session.host.run(request)),
    states: () => watched(() => session.host.states()),
    onEnd: streams.onEnd,
  }
  const forward: Forward = (call) => watched(() => call(open))

  /** The second call, too, resolves only when nothing is left. */
  function close(): Promise<void> {
    closing ??= session.close()
    return closing
  }

  return {
    ...open,
    placement,
    workers,
    // The session beneath has turns of its own.
    ...forwardedCalls({ inTurn: forward, atOnce: forward }),
    ...aroundSteps(session, (take, trials, step) => watched(() => take(trials, step))),
    stream: (options) => openStream({ network: session.network, placement }, host, options),
    host,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** What the partitions of a cluster have counted and recorded, core by core; who is asked must be open. */
function readings(
  { placement, partitions, workers, tracer }: ClusterParts,
  requireOpen: () => void,
): Pick<ClusterSession, 'traffic' | 'kernelSeconds' | 'metrics' | 'trace'> {
  async function onEach<Reading>(read: (partition: Partition) => Promise<Reading>): Promise<readonly Reading[]> {
    requireOpen()
    return Promise.all(partitions.map(read))
  }

  async function linksOf(partition: Partition): Promise<readonly CoreTraffic[]> {
    const links = await partition.traffic()
    return links.map((link) => ({ core: partition.core, ...link }))
  }

  return {
    traffic: async () => (await onEach(linksOf)).flat(),
    kernelSeconds: () => onEach((partition) => partition.kernelSeconds()),
    metrics: () => onEach((partition) => partition.metrics()),
    async trace() {
      const each = coresOfReplica({ placement, partitions })
      const cores = await onEach(async (partition) => {
        const worker = workers.find(({ core }) => core === partition.core) ?? null
        return { ...(await partition.trace()), name: nameOfCore(partition.core, each), worker }
      })
      if (tracer === null) throw new InternalError('The cores record what they do, and their coordinator does not.')
      // What led to what the cores did happened before it.
      return { since: tracer.since, coordinator: tracer.take(), cores }
    },
  }
}
