import type { Placement } from '../../hardware/placement.js'
import type { Network } from '../../network/description/network.js'
import type { Partition } from '../partition/partition.js'
import { sessionBusy } from '../streaming/session-busy.js'
import type { SessionEnd } from '../streaming/session-end.js'
import { mergeStates, sliceStates } from '../streaming/simulation-state.js'
import type { SegmentRequest, SegmentResult, StreamHost } from '../streaming/stream-host.js'
import type { WatchHub } from '../watch/watch-hub.js'
import { type Merger, reportsByCore } from './merge-reports.js'
import { FORWARD, type Orders } from './orders.js'
import type { Turns } from './turns.js'
import type { WatchRun } from './watched-runs.js'

export interface SegmentHostOptions {
  readonly network: Network
  readonly placement: Placement
  readonly partitions: readonly Partition[]
  readonly merger: Merger
  readonly orders: Orders
  readonly hub: Pick<WatchHub, 'ready'>
  readonly watchRun: WatchRun
  readonly turns: Pick<Turns<never, never>, 'work'>
  readonly onEnd: SessionEnd['onEnd']
}

/** Runs the segments of streams over partitions, in turn with whatever else their session does. */
export interface SegmentHost {
  readonly host: StreamHost
  /** Raises `RunError` SESSION_BUSY while a stream is open: the state of its run is in the actors. */
  requireFree(): void
}

export function createSegmentHost(options: SegmentHostOptions): SegmentHost {
  const { network, placement, partitions, merger, orders, hub, watchRun, turns, onEnd } = options
  let isStreaming = false

  function requireFree(): void {
    if (isStreaming) throw sessionBusy()
  }

  async function run({ window, until, inputs, record, from }: SegmentRequest): Promise<SegmentResult> {
    const trials = { count: 1, until, inputs }
    await hub.ready()
    const { request, show } = watchRun('stream', { ...FORWARD, record }, from !== 'last')
    const segmentOn = (core: number) => {
      const start = typeof from === 'string' ? from : sliceStates(network, placement, core, from)
      return { segment: { ...window, from: start } }
    }
    const reports = await orders.gather(orders.send(trials, null, request, segmentOn))
    const { spikes } = merger.recordingOf(trials, record, reportsByCore(partitions, reports))
    show(trials, reports, window)
    const handled = [...Object.values(inputs), ...Object.values(spikes)]
    const shown = handled.reduce((sum, { times }) => sum + times.length, 0)
    return { spikes, crowd: reports.reduce((sum, report) => sum + report.emitted, shown) }
  }

  return {
    host: {
      claim: () =>
        turns.work(async () => {
          requireFree()
          isStreaming = true
        }),
      release() {
        isStreaming = false
      },
      run: (request) => turns.work(() => run(request)),
      states: () =>
        turns.work(async () => {
          const states = await Promise.all(partitions.map((partition) => partition.states()))
          return mergeStates(network, states.flat())
        }),
      onEnd,
    },
    requireFree,
  }
}
