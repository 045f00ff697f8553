import type { Placement } from '../hardware/placement.js'
import type { PartitionMetrics, PartitionTraffic } from './partition/partition.js'
import type { StreamingSession } from './streaming/spike-stream.js'
import type { HostingWorker } from './supervision/core-worker.js'
import type { PartitionTrace, TraceRecord } from './trace/trace-record.js'

/** What went over one core's link to another so far. */
export interface CoreTraffic extends PartitionTraffic {
  readonly core: number
}

/** The process or thread that holds a core's partition; it may hold those of other cores, too. */
export interface ClusterWorker {
  readonly core: number
  readonly kind: 'process' | 'thread'
  /** The system's id of a process, or that of the thread within this one. */
  readonly id: number
  /** Of the fleet that holds the process; absent: this machine does. */
  readonly worker?: HostingWorker
}

/** What the partition of one core did. */
export interface CoreTrace extends PartitionTrace {
  /** For people: `core 0`, or `core 3 (core 1 of replica 1)`. */
  readonly name: string
  /** Null where the partition lives in this process. */
  readonly worker: ClusterWorker | null
}

/** What the coordinator of a cluster and its cores did when. */
export interface ClusterTrace {
  /** When the session was opened, in microseconds of the clock of the events. */
  readonly since: number
  readonly coordinator: TraceRecord
  readonly cores: readonly CoreTrace[]
}

/** A session whose network is spread over partitions. */
export interface ClusterSession<Names extends string = string> extends StreamingSession<Names> {
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
   * Per core: what it has counted since the last restart, also during a run; a core that executes a kernel replies when
   * the kernel returns. Rejects with a `RunError` METRICS_OFF unless the session was opened with `metrics`.
   */
  metrics(): Promise<readonly PartitionMetrics[]>
  /**
   * Removes and returns what all cores have recorded since the last call, also during a run; what a core that dies had
   * recorded is lost. Rejects with a `RunError` TRACE_OFF unless the session was opened with `trace`.
   */
  trace(): Promise<ClusterTrace>
}

/** A cluster has failed and is restarted. */
export interface Restart {
  /** 1, 2, … */
  readonly number: number
  /** Why it failed. */
  readonly reason: Error
  /** Training steps that are done once more, from the last state that was kept. */
  readonly repeated: number
}
