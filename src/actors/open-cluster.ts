import { checkPlacement } from '../hardware/check-placement.js'
import type { Placement } from '../hardware/placement.js'
import { aroundSteps } from '../learning/around-steps.js'
import { sessionClosed } from '../learning/session-closed.js'
import type { Network } from '../network/network.js'
import { expectNetwork } from '../network/reading/expect-arguments.js'
import { type ClusterOptions, type ClusterSettings, clusterSettings, isBetweenProcesses } from './cluster-options.js'
import type { ClusterSession, ClusterWorker, CoreTraffic } from './cluster-session.js'
import { openLocalPartitions } from './partition/open-local-partitions.js'
import type { Partition, PartitionMetrics } from './partition/partition.js'
import { createSession } from './session/create-session.js'
import { openStream } from './streaming/open-stream.js'
import { createSessionEnd } from './streaming/session-end.js'
import type { StreamingSession } from './streaming/spike-stream.js'
import type { StreamHost } from './streaming/stream-host.js'
import { createDeferred } from './supervision/deferred.js'
import { interruptionOf } from './supervision/interruption-of.js'
import { openSite } from './supervision/open-site.js'
import { type LiveCluster, openRestartingSession } from './supervision/restarting-session.js'
import { startCluster } from './supervision/start-cluster.js'
import { memoryInUse } from './supervision/system-clock.js'

export type { ClusterSession, ClusterWorker, CoreTraffic } from './cluster-session.js'

/**
 * Opens a network spread over the cores of a placement; every bit is the same as with `open`.
 *
 * Each core is a thread of its own, or a process that is linked to the others by websockets, as `transport` says. A partition
 * that dies, falls silent or sends what it must not ends the cluster: whatever is under way and every later call rejects
 * with a `RunError` CORE_DIED, CORE_SILENT, CORE_FAILED or CORE_UNREACHABLE that names the link and the last watermark.
 * With `restarts` all partitions are started anew instead, and go on from where they stood, with the same bits.
 *
 * Raises `InputError` for options out of range, a placement of another network, numbers drawn out of range and
 * PORT_IN_USE; `RunError` CORE_LATE and the codes above if the start fails. Whatever the end, no process is left.
 *
 * @example
 * const session = await openCluster(network, place(network, mesh({ columns: 2, rows: 2 })), { seed: 7 })
 * const { spikes } = await session.simulate({ count: 1, until: 50, inputs })
 * await session.close()
 */
export async function openCluster(
  network: Network,
  placement: Placement,
  options: ClusterOptions = {},
): Promise<ClusterSession> {
  expectNetwork(network)
  const settings = clusterSettings(options)
  const { signal, onRestart = () => undefined } = options
  checkPlacement(network, placement)
  signal?.throwIfAborted()
  if (settings.transport === 'local') return openHere(network, placement, settings, signal)
  const start = () => openElsewhere(network, placement, settings, signal)
  const { restarts } = settings
  return restarts === 0 ? (await start()).session : openRestartingSession({ start, restarts, onRestart, signal })
}

function openHere(
  network: Network,
  placement: Placement,
  { seed, kernel, threads, metrics }: ClusterSettings,
  signal?: AbortSignal,
): ClusterSession {
  const memory = metrics ? memoryInUse : undefined
  const { partitions, close } = openLocalPartitions({ network, seed, placement, kernel, threads, memory })
  const interrupted = createDeferred<Error>()
  const interrupt = () => interrupted.resolve(interruptionOf(signal as AbortSignal))
  signal?.addEventListener('abort', interrupt)
  const leave = () => {
    signal?.removeEventListener('abort', interrupt)
    return close()
  }
  const session = createSession({ network, seed, placement, partitions, close: leave })
  const failure = () => interruptionBy(signal)
  return clusterSession(session, { placement, partitions, workers: [], failure, failed: interrupted.promise })
}

/** Why a session in this process gives no more answers; null as long as it does. */
function interruptionBy(signal: AbortSignal | undefined): Error | null {
  return signal?.aborted === true ? interruptionOf(signal) : null
}

async function openElsewhere(
  network: Network,
  placement: Placement,
  settings: ClusterSettings,
  signal?: AbortSignal,
): Promise<LiveCluster> {
  const site = await openSite(network, placement, settings)
  const { partitions, supervisor } = await startCluster({ network, placement, site, ...settings, signal })
  const { seed } = settings
  const session = createSession({ network, seed, placement, partitions, close: () => supervisor.close() })
  const kind = isBetweenProcesses(settings.transport) ? 'process' : 'thread'
  const workers = site.hosts.map(({ core, id }): ClusterWorker => ({ core, kind, id }))
  const { failure, failed } = supervisor
  return { session: clusterSession(session, { placement, partitions, workers, failure, failed }), failure }
}

interface ClusterParts {
  readonly placement: Placement
  readonly partitions: readonly Partition[]
  readonly workers: readonly ClusterWorker[]
  /** Why the cluster failed; null as long as it has not. */
  failure(): Error | null
  /** Resolves with the same when it fails. */
  readonly failed: Promise<Error>
}

/** After a failure every call but `close` rejects with it, whatever else the call would have said. */
function clusterSession(
  session: StreamingSession,
  { placement, partitions, workers, failure, failed }: ClusterParts,
): ClusterSession {
  let closing: Promise<void> | null = null
  const streams = createSessionEnd()
  session.host.onEnd((reason) => streams.end(failure() ?? reason))
  void failed.then(streams.end)

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

  async function traffic(): Promise<readonly CoreTraffic[]> {
    requireOpen()
    const perCore = await Promise.all(
      partitions.map(async (partition) => {
        const links = await partition.traffic()
        return links.map((link): CoreTraffic => ({ core: partition.core, ...link }))
      }),
    )
    return perCore.flat()
  }

  async function kernelSeconds(): Promise<readonly number[]> {
    requireOpen()
    return Promise.all(partitions.map((partition) => partition.kernelSeconds()))
  }

  const host: StreamHost = {
    claim: () => watched(() => session.host.claim()),
    release: () => session.host.release(),
    run: (request) => watched(() => session.host.run(request)),
    states: () => watched(() => session.host.states()),
    onEnd: streams.onEnd,
  }

  async function metrics(): Promise<readonly PartitionMetrics[]> {
    requireOpen()
    return Promise.all(partitions.map((partition) => partition.metrics()))
  }

  /** The second call, too, resolves only when nothing is left. */
  function close(): Promise<void> {
    closing ??= session.close()
    return closing
  }

  return {
    network: session.network,
    placement,
    workers,
    simulate: (trials, options) => watched(() => session.simulate(trials, options)),
    evaluate: (...request) => watched(() => session.evaluate(...request)),
    gradient: (...request) => watched(() => session.gradient(...request)),
    ...aroundSteps(session, (take, trials, step) => watched(() => take(trials, step))),
    stream: (options) => openStream(session.network, host, options),
    host,
    parameters: () => watched(() => session.parameters()),
    save: () => watched(() => session.save()),
    restore: (state) => watched(() => session.restore(state)),
    setParameters: (parameters) => watched(() => session.setParameters(parameters)),
    traffic: () => watched(traffic),
    kernelSeconds: () => watched(kernelSeconds),
    memoryTraffic: () => watched(() => session.memoryTraffic()),
    metrics: () => watched(metrics),
    close,
    [Symbol.asyncDispose]: close,
  }
}
