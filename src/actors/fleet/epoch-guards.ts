import { RunError } from '../../events/errors.js'
import { describeOrderEpoch, isLater, isSameStart, type OrderEpoch } from './order-epoch.js'

/** What is known of each of the runs that were heard of last. */
interface RecentRuns<Known> {
  get(run: string): Known | undefined
  set(run: string, known: Known): void
}

/** @param most runs that are remembered; one beyond it takes the place of that which was set longest ago */
function createRecentRuns<Known>(most: number): RecentRuns<Known> {
  const runs = new Map<string, Known>()
  return {
    get: (run) => runs.get(run),
    set(run, known) {
      runs.delete(run)
      runs.set(run, known)
      const [oldest] = runs.keys()
      if (runs.size > most && oldest !== undefined) runs.delete(oldest)
    },
  }
}

/** What a worker knows of the runs it was ever asked for. */
export interface EpochGuards {
  /** The latest stamp of a run; null: it knows none. */
  latest(run: string): OrderEpoch | null
  /**
   * From now on orders before this stamp are refused.
   *
   * @throws RunError WORKER_FENCED for a stamp that is itself before one that is known
   */
  raise(stamp: OrderEpoch): void
}

/** The most runs that are remembered. Those that have a lease can be looked up again; others have one coordinator alone. */
const MOST_RUNS = 10_000

export function createEpochGuards(): EpochGuards {
  const latest = createRecentRuns<OrderEpoch>(MOST_RUNS)
  return {
    latest: (run) => latest.get(run) ?? null,
    raise(stamp) {
      const known = latest.get(stamp.run)
      if (known !== undefined && isLater(known, stamp)) throw fenced(stamp, known)
      latest.set(stamp.run, stamp)
    },
  }
}

/**
 * The error that a coordinator gets if another coordinator leads its run by now.
 *
 * @param expected what is known of the run; null: no coordinator leads it any more
 */
export function fenced(found: OrderEpoch, expected: OrderEpoch | Pick<OrderEpoch, 'epoch'> | null): RunError {
  const known =
    expected === null
      ? 'no coordinator that leads the run now'
      : 'start' in expected
        ? describeOrderEpoch(expected)
        : `epoch ${expected.epoch}`
  return new RunError({
    code: 'WORKER_FENCED',
    message: `An order of ${describeOrderEpoch(found)} was refused: the worker knows of ${known}.`,
    details: { run: found.run, epoch: found.epoch, ...(expected === null ? {} : { latest: expected.epoch }) },
    remedy:
      'Another coordinator has taken over the run, or its lease is gone; leave it to that one, or go on from its checkpoints with --resume.',
  })
}

/** What came of the orders of the latest start of each run. */
export interface FirstOrders<Reply> {
  /** Carries out an order when it first arrives; a repeated order gets the reply of the first. */
  take(stamp: OrderEpoch, host: number, work: () => Promise<Reply>): Promise<Reply>
}

/** The most runs that are remembered: orders are repeated within seconds. */
const MOST_ORDERED = 1000

export function createFirstOrders<Reply>(): FirstOrders<Reply> {
  const starts = createRecentRuns<{ readonly stamp: OrderEpoch; readonly replies: Map<number, Promise<Reply>> }>(
    MOST_ORDERED,
  )
  return {
    take(stamp, host, work) {
      const { replies } = startOf(stamp)
      const reply = replies.get(host) ?? work()
      replies.set(host, reply)
      return reply
    },
  }

  function startOf(stamp: OrderEpoch) {
    const known = starts.get(stamp.run)
    const start = known !== undefined && isSameStart(known.stamp, stamp) ? known : { stamp, replies: new Map() }
    starts.set(stamp.run, start)
    return start
  }
}
