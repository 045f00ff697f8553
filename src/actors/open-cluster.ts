import { RunError } from '../events/errors.js'
import { checkPlacement } from '../hardware/check-placement.js'
import type { Placement } from '../hardware/placement.js'
import type { Session } from '../learning/session.js'
import type { Network } from '../network/network.js'
import { type ClusterOptions, type ClusterSettings, clusterSettings } from './cluster-options.js'
import { openLocalPartitions } from './partition/open-local-partitions.js'
import type { Partition, PartitionMetrics, PartitionTraffic } from './partition/partition.js'
import { createSession } from './session/create-session.js'
import { interruptionOf } from './supervision/interruption-of.js'
import { openSite } from './supervision/open-site.js'
import { startCluster } from './supervision/start-cluster.js'
import { memoryInUse } from './supervision/system-clock.js'

/** What went over one core's link to another so far. */
export interface CoreTraffic extends PartitionTraffic {
  readonly core: number
}

/** A process or thread that holds one core's partition. */
export interface ClusterWorker {
  readonly core: number
  /** Process or thread id. */
  readonly id: number
}

/** A session whose network is spread over partitions. */
export interface ClusterSession extends Session {
  readonly placement: Placement
  /** Empty where the partitions live in this process. */
  readonly workers: readonly ClusterWorker[]
  /** One entry per core and peer, as each side counts. */
  traffic(): Promise<readonly CoreTraffic[]>
  /** Per core: seconds spent in kernels and optimisers so far, by the wall clock; 0 where the partitions live in this process. */
  kernelSeconds(): Promise<readonly number[]>
  /**
   * Per core: what it has counted so far, also while a run goes on; a core deep in a kernel answers when it is through.
   * Rejects with a `RunError` METRICS_OFF unless the session was opened with `metrics`.
   */
  metrics(): Promise<readonly PartitionMetrics[]>
}

/**
 * Opens a network spread over the cores of a placement; every bit is the same as with `open`.
 *
 * Each core is a process of its own, linked to the others by websockets, unless `transport` says otherwise. A partition
 * that dies, falls silent or sends what it must not ends the cluster: whatever is under way and every later call rejects
 * with a `RunError` CORE_DIED, CORE_SILENT, CORE_FAILED or CORE_UNREACHABLE that names the link and the last watermark.
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
  { signal, ...options }: ClusterOptions = {},
): Promise<ClusterSession> {
  const settings = clusterSettings(options)
  checkPlacement(network, placement)
  signal?.throwIfAborted()
  if (settings.transport === 'local') return openHere(network, placement, settings, signal)
  return openElsewhere(network, placement, settings, signal)
}

function openHere(
  network: Network,
  placement: Placement,
  { seed, kernel, threads, metrics }: ClusterSettings,
  signal?: AbortSignal,
): ClusterSession {
  const memory = metrics ? memoryInUse : undefined
  const { partitions, close } = openLocalPartitions({ network, seed, placement, kernel, threads, memory })
  const session = createSession({ network, placement, partitions, close })
  return clusterSession(session, { placement, partitions, workers: [], failure: () => interruptionBy(signal) })
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
): Promise<ClusterSession> {
  const site = await openSite(network, placement, settings)
  const { partitions, supervisor } = await startCluster({ network, placement, site, ...settings, signal })
  const session = createSession({ network, placement, partitions, close: () => supervisor.close() })
  const workers = site.hosts.map(({ core, id }) => ({ core, id }))
  return clusterSession(session, { placement, partitions, workers, failure: () => supervisor.failure() })
}

interface ClusterParts {
  readonly placement: Placement
  readonly partitions: readonly Partition[]
  readonly workers: readonly ClusterWorker[]
  /** Why the cluster failed; null as long as it has not. */
  failure(): Error | null
}

/** After a failure every call but `close` rejects with it, whatever else the call would have said. */
function clusterSession(session: Session, { placement, partitions, workers, failure }: ClusterParts): ClusterSession {
  let closing: Promise<void> | null = null

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
    if (closing !== null) throw new RunError({ code: 'SESSION_CLOSED', message: 'The session is closed.' })
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
    evaluate: (trials, loss) => watched(() => session.evaluate(trials, loss)),
    gradient: (trials, loss, labels) => watched(() => session.gradient(trials, loss, labels)),
    train: (trials, step) => watched(() => session.train(trials, step)),
    parameters: () => watched(() => session.parameters()),
    traffic: () => watched(traffic),
    kernelSeconds: () => watched(kernelSeconds),
    metrics: () => watched(metrics),
    close,
    [Symbol.asyncDispose]: close,
  }
}
