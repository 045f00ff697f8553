import type { Placement } from '../hardware/placement.js'
import type { Network } from '../network/description/network.js'
import type { ClusterSettings } from './cluster-options.js'
import type { ClusterSession } from './cluster-session.js'
import { type ClusterParts, createClusterSession } from './create-cluster-session.js'
import { createSession, type SessionOptions } from './session/create-session.js'
import { microBatchOf } from './session/micro-batch.js'
import type { WatchHub } from './watch/watch-hub.js'

/** The partitions of a cluster, in this process or elsewhere, and what their session is made with. */
export interface OpenedCluster extends ClusterParts, Pick<SessionOptions, 'note'> {
  readonly network: Network
  readonly placement: Placement
  /** Per core worker: its cores, which compute in turn. */
  readonly coreWorkers: readonly (readonly number[])[]
  readonly hub: WatchHub
  /** Called once, after the partitions are closed. */
  close(): Promise<void>
}

/** A session whose micro-batches suit the core workers, and whose partitions and steps are traced if there is a tracer. */
export function sessionOverCluster(cluster: OpenedCluster, settings: ClusterSettings): ClusterSession {
  const { network, placement, coreWorkers, workers, tracer, hub, note, failure, failed, close } = cluster
  const traced = tracer?.started(cluster.partitions)
  const partitions = traced?.partitions ?? cluster.partitions
  const parts = { network, placement, partitions, hub, close, ...(note === undefined ? {} : { note }) }
  const sizesOf = microBatchOf({ network, placement, coreWorkers }, settings)
  const session = createSession({ ...parts, microBatchOf: sizesOf, tracedSteps: traced?.steps }, settings)
  return createClusterSession(session, { placement, partitions, workers, tracer, failure, failed })
}
