import { isSameStart, type RunStamp } from './run-stamp.js'

/** What came of the orders of the latest start of each run. */
export interface FirstOrders<Answer> {
  /** Does what an order says when it comes for the first time; whoever repeats it learns what came of it then. */
  take(stamp: RunStamp, host: number, work: () => Promise<Answer>): Promise<Answer>
}

/** So many runs are remembered: an order is repeated within seconds. */
const MOST_RUNS = 1000

export function createFirstOrders<Answer>(): FirstOrders<Answer> {
  const starts = new Map<string, { readonly stamp: RunStamp; readonly answers: Map<number, Promise<Answer>> }>()
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
    starts.delete(stamp.run)
    starts.set(stamp.run, start)
    const [oldest] = starts.keys()
    if (starts.size > MOST_RUNS && oldest !== undefined) starts.delete(oldest)
    return start
  }
}
