import { createRecentRuns } from './recent-runs.js'
import { isSameStart, type RunStamp } from './run-stamp.js'

/** What came of the orders of the latest start of each run. */
export interface FirstOrders<Answer> {
  /** Does what an order says when it comes for the first time; whoever repeats it learns what came of it then. */
  take(stamp: RunStamp, host: number, work: () => Promise<Answer>): Promise<Answer>
}

/** So many runs are remembered: an order is repeated within seconds. */
const MOST_RUNS = 1000

export function createFirstOrders<Answer>(): FirstOrders<Answer> {
  const starts = createRecentRuns<{ readonly stamp: RunStamp; readonly answers: Map<number, Promise<Answer>> }>(
    MOST_RUNS,
  )
  return {
    take(stamp, host, work) {
      const { answers } = startOf(stamp)
      const answer = answers.get(host) ?? work()
      answers.set(host, answer)
      return answer
    },
  }

  function startOf(stamp: RunStamp) {
    const known = starts.get(stamp.run)
    const start = known !== undefined && isSameStart(known.stamp, stamp) ? known : { stamp, answers: new Map() }
    starts.set(stamp.run, start)
    return start
  }
}
