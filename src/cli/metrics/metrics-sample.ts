import type { ClusterWorker } from '../../actors/cluster-session.js'
import type { PartitionMetrics } from '../../actors/partition/partition.js'
import type { HostingWorker } from '../../actors/supervision/core-worker.js'

/** How one core was doing at one moment. */
export interface MetricsSample extends PartitionMetrics {
  /** Seconds since the watch began. */
  readonly time: number
  /** Since the sample before, or since the watch began. */
  readonly synapticEventsPerSecond: number
  /** Who holds the core, where that is another machine. */
  readonly worker?: HostingWorker
}

/** A record of a sample, as it is printed. */
export interface MetricsRecord {
  readonly metrics: MetricsSample
}

/**
 * Makes samples of what cores count.
 *
 * @param seconds a clock with any origin
 * @param workers of now
 */
export function createSampling(
  seconds: () => number,
  workers: () => readonly ClusterWorker[] = () => [],
): (cores: readonly PartitionMetrics[]) => readonly MetricsSample[] {
  const started = seconds()
  let earlier = { time: 0, events: new Map<number, number>() }
  return (cores) => {
    const time = seconds() - started
    const pause = time - earlier.time
    const samples = cores.map((core): MetricsSample => {
      const events = core.synapticEvents - (earlier.events.get(core.core) ?? 0)
      const { worker } = workers().find((each) => each.core === core.core) ?? {}
      const held = worker === undefined ? {} : { worker }
      return { time, synapticEventsPerSecond: pause > 0 ? events / pause : 0, ...core, ...held }
    })
    earlier = { time, events: new Map(cores.map(({ core, synapticEvents }) => [core, synapticEvents])) }
    return samples
  }
}
