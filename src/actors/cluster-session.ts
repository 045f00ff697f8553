import type { Placement } from '../hardware/placement.js'
import type { PartitionMetrics, PartitionTraffic } from './partition/partition.js'
import type { StreamingSession } from './streaming/spike-stream.js'

/** What went over one core's link to another so far. */
export interface CoreTraffic extends PartitionTraffic {
  readonly core: number
}

/** A process or thread that holds one core's partition. */
export interface ClusterWorker {
  readonly core: number
  readonly kind: 'process' | 'thread'
  /** The system's id of a process, or that of the thread within this one. */
  readonly id: number
}

/** A session whose network is spread over partitions. */
export interface ClusterSession extends StreamingSession {
  readonly placement: Placement
  /** Those of now, which a restart replaces. Empty where the partitions live in this process. */
  readonly workers: readonly ClusterWorker[]
  /** One entry per core and peer, as each side counts, since the last restart. */
  traffic(): Promise<readonly CoreTraffic[]>
  /**
   * Per core: seconds spent in kernels and optimisers since the last restart, by the wall clock; 0 where the partitions
   * live in this process.
   */
  kernelSeconds(): Promise<readonly number[]>
  /**
   * Per core: what it has counted since the last restart, also while a run goes on; a core deep in a kernel answers when
   * it is through. Rejects with a `RunError` METRICS_OFF unless the session was opened with `metrics`.
   */
  metrics(): Promise<readonly PartitionMetrics[]>
}

/** A cluster has failed and is started anew. */
export interface Restart {
  /** 1, 2, … */
  readonly number: number
  /** Why it failed. */
  readonly reason: Error
  /** Training steps that are done once more, from the last state that was kept. */
  readonly repeated: number
}
