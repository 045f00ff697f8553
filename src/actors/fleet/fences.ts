import { RunError } from '../../events/errors.js'
import { createRecentRuns } from './recent-runs.js'
import { describeStamp, isLater, type RunStamp } from './run-stamp.js'

/** What a worker knows of the runs it was ever asked for. */
export interface Fences {
  /** The latest stamp of a run; null: it knows none. */
  latest(run: string): RunStamp | null
  /**
   * From now on orders before this stamp are refused.
   *
   * @throws RunError WORKER_FENCED for a stamp that is itself before one that is known
   */
  raise(stamp: RunStamp): void
}

/** So many runs are remembered. Those that have a lease can be looked up again; others have one coordinator alone. */
const MOST_RUNS = 10_000

export function createFences(): Fences {
  const latest = createRecentRuns<RunStamp>(MOST_RUNS)
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
 * What a coordinator is told whose run somebody else leads by now.
 *
 * @param expected what is known of the run; null: nobody leads it any more
 */
export function fenced(found: RunStamp, expected: RunStamp | Pick<RunStamp, 'epoch'> | null): RunError {
  const known =
    expected === null
      ? 'nobody who leads the run now'
      : 'start' in expected
        ? describeStamp(expected)
        : `epoch ${expected.epoch}`
  return new RunError({
    code: 'WORKER_FENCED',
    message: `An order of ${describeStamp(found)} was refused: the worker knows of ${known}.`,
    details: { run: found.run, epoch: found.epoch, ...(expected === null ? {} : { latest: expected.epoch }) },
    remedy:
      'Another coordinator has taken over the run, or its lease is gone; leave it to that one, or go on from its checkpoints with --resume.',
  })
}
