import type { Window } from '../../events/window.js'
import type { Trials } from '../../learning/session.js'
import { isGiven } from '../../network/description/given-source.js'
import type { Network } from '../../network/description/network.js'
import type { Partition, RunReport } from '../partition/partition.js'
import type { WatchDesk } from '../watch/watch-desk.js'
import type { WatchedWork } from '../watch/watched.js'
import { type Merger, reportsByCore } from './merge-reports.js'
import type { Request } from './orders.js'
import { shownReports } from './shown-reports.js'

/** A run that may be watched. */
export interface WatchedRequest {
  /** What is asked of the partitions, with what whoever watches wants to see. */
  readonly request: Request
  /**
   * The run is done, and nothing of it will be taken back: whoever watches is shown it.
   *
   * @param reports of the partitions, in their order
   * @param window of a segment; default: the whole trials
   */
  show(trials: Pick<Trials, 'count' | 'until'>, reports: readonly RunReport[], window?: Window): void
}

/** Asks for a run what those want to see who watch now. */
export type WatchRun = (doing: WatchedWork, request: Request, isFirst?: boolean) => WatchedRequest

export interface WatchedRunsOptions {
  readonly network: Network
  readonly merger: Merger
  readonly partitions: readonly Partition[]
  readonly desk: WatchDesk
}

export function createWatchedRuns({ network, merger, partitions, desk }: WatchedRunsOptions): WatchRun {
  const given = new Set(network.groups.filter(isGiven).map(({ name }) => name))
  const leavesGiven = ({ key, source }: Network['projections'][number], keys: readonly string[]) =>
    given.has(source) && keys.includes(key)

  return (doing, request, isFirst) => {
    const look = desk.look(doing, isFirst)
    const gradients = request.gradients ? look.asked.gradients : []
    // No gradients return for the spikes of such a source otherwise.
    const inputTimes = request.inputTimes || network.projections.some((each) => leavesGiven(each, gradients))
    return {
      request: { ...request, inputTimes, watch: { ...look.asked, gradients } },
      show({ count, until }, reports, window = { start: 0, end: until }) {
        const byCore = reportsByCore(partitions, reports)
        const hasGradients = request.gradients
        look.hand(window, shownReports({ network, merger, reports: byCore, trials: { count, until }, hasGradients }))
      },
    }
  }
}
