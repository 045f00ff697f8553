import type { Trials } from '../../learning/session.js'
import type { Run, RunLoss } from '../group/run.js'
import { gatherReports } from '../partition/gather-reports.js'
import type { NamedSamples, Partition, RunOrder, RunReport } from '../partition/partition.js'
import { type Asked, NOTHING_ASKED } from '../watch/shown-run.js'
import type { Merger } from './merge-reports.js'
import { AT_ONCE, type MicroBatchOf } from './micro-batch.js'
import type { PreparedLosses } from './prepared-losses.js'

/** What a run is asked for beside its trials. */
export type Request = Pick<RunOrder, 'record' | 'report' | 'learned' | 'then'> &
  Pick<
    Run,
    | 'gradients'
    | 'inputTimes'
    | 'biasGradient'
    | 'adaptationGradient'
    | 'tauGradient'
    | 'stopAfterFirst'
    | 'undefinedSlope'
    | 'noise'
  > & {
    /** What watchers want to see in addition. Default: nothing. */
    readonly watch?: Asked
  }

/** Trials as they are ordered: with their inputs, or with the samples of a task that all partitions have prepared. */
export type OrderedTrials = Pick<Trials, 'count' | 'until'> &
  ({ readonly inputs: Trials['inputs'] } | { readonly named: NamedSamples })

/** What is asked of a run that is looked at forward alone. */
export const FORWARD: Request = {
  record: [],
  report: 'nothing',
  learned: [],
  gradients: false,
  inputTimes: false,
  biasGradient: false,
  adaptationGradient: false,
  stopAfterFirst: false,
  undefinedSlope: 'refuse',
}

/** A run that all partitions have been ordered to carry out. */
export interface OrderedRun {
  readonly number: number
  /** One per partition, in their order. */
  readonly reports: readonly Promise<RunReport>[]
}

/** Sends the runs of a session to its partitions. */
export interface Orders {
  /** @param segmentOn a part of the trials, as it is sent to the partition of a core; default: all of them */
  send(
    trials: OrderedTrials,
    loss: RunLoss | null,
    request: Request,
    segmentOn?: (core: number) => Pick<Run, 'segment'>,
  ): OrderedRun
  /** All reports; the first failure ends the run everywhere; of several, one counts that was no consequence of another. */
  gather(run: OrderedRun): Promise<readonly RunReport[]>
  /** Aborts runs, reverts the steps that they have taken, and waits until nothing of them is in progress. */
  undo(runs: readonly OrderedRun[]): Promise<void>
}

const AS_THEY_ARE: Pick<PreparedLosses, 'lossFor'> = { lossFor: (_, loss) => ({ loss }) }

/**
 * @param cut which inputs, and which names to record, are sent to the partition of a core
 * @param microBatchOf size of the micro-batches of runs that are neither recorded nor watched
 * @param losses the form in which partitions receive losses
 */
export function createOrders(
  partitions: readonly Partition[],
  { takesInputs, inputsOf, recordOn, watchOn }: Pick<Merger, 'takesInputs' | 'inputsOf' | 'recordOn' | 'watchOn'>,
  microBatchOf: MicroBatchOf = AT_ONCE,
  losses: Pick<PreparedLosses, 'lossFor'> = AS_THEY_ARE,
): Orders {
  let runs = 0

  function abortUpTo(number: number): void {
    for (const partition of partitions) partition.abort(number)
  }

  /** Noise is drawn over all trials, and what is recorded is one piece. */
  function partsOf({ count }: OrderedTrials, request: Request): Pick<Run, 'microBatch'> {
    const isLookedInto = request.inputTimes || request.record.length > 0 || request.noise !== undefined
    const microBatch = isLookedInto ? undefined : microBatchOf(count)
    return microBatch === undefined ? {} : { microBatch }
  }

  return {
    send(trials, loss, request, segmentOn = () => ({})) {
      // Throws before anything is sent if a loss cannot be sent to one of them.
      const tellLoss = partitions.map((partition) => losses.lossFor(partition, loss))
      const number = ++runs
      const { report, learned, then, watch = NOTHING_ASKED, record: recorded, ...rest } = request
      const wanted = [...new Set([...recorded, ...watch.spikes])]
      const parts = partsOf(trials, request)
      const reports = partitions.map((partition, k) => {
        const { core } = partition
        const { loss: ordered, ownLoss } = tellLoss[k] as (typeof tellLoss)[number]
        const { count, until } = trials
        const inputs = 'named' in trials ? {} : inputsOf(core, trials)
        const samples = 'named' in trials && takesInputs(core) ? { samples: trials.named } : {}
        const record = recordOn(core, wanted)
        const watched = watchOn(core, watch)
        const run: Run = { trials: { count, until, inputs }, loss: ordered, ...parts, ...segmentOn(core), ...rest }
        return partition.run({
          number,
          run,
          record,
          report,
          learned,
          ...(then === undefined ? {} : { then }),
          ...(ownLoss === undefined ? {} : { ownLoss }),
          ...(watched === null ? {} : { watch: watched }),
          ...samples,
        })
      })
      // A report may fail before it is awaited; that must not count as an unhandled rejection.
      for (const report of reports) report.catch(() => undefined)
      return { number, reports }
    },
    gather: ({ number, reports }) => gatherReports(reports, () => abortUpTo(number)),
    async undo(ordered) {
      const [first, last] = [ordered[0]?.number ?? 0, ordered.at(-1)?.number ?? 0]
      abortUpTo(last)
      await Promise.allSettled(ordered.flatMap(({ reports }) => reports))
      await Promise.all(partitions.map((partition) => partition.undo(first)))
    },
  }
}
