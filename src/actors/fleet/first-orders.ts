import { createRecentRuns } from './recent-runs.js'
import { isSameStart, type RunStamp } from './run-stamp.js'

/** What came of the orders of the latest start of each run. */
export interface FirstOrders<Reply> {
  /** Does what an order says when it comes for the first time; whoever repeats it learns what came of it then. */
  take(stamp: RunStamp, host: number, work: () => Promise<Reply>): Promise<Reply>
}

/** So many runs are remembered: an order is repeated within seconds. */
const MOST_RUNS = 1000

export function createFirstOrders<Reply>(): FirstOrders<Reply> {
  const starts = createRecentRuns<{ readonly stamp: RunStamp; readonly replies: Map<number, Promise<Reply>> }>(
    MOST_RUNS,
  )
  return {
    take(stamp, host, work) {
      const { replies } = startOf(stamp)
      const reply = replies.get(host) ?? work()
      replies.set(host, reply)
      return reply
    },
  }

  function startOf(stamp: RunStamp) {
    const known = starts.get(stamp.run)
    const start = known !== undefined && isSameStart(known.stamp, stamp) ? known : { stamp, replies: new Map() }
    starts.set(stamp.run, start)
    return start
  }
}
