import { aroundEveryVerb, type ComponentObserver } from './observed-component.js'

/** Adds up the time that some work takes. */
export interface Stopwatch {
  /** In the unit of its clock. */
  readonly total: number
  measure<Result>(work: () => Result): Result
}

/** @param now a clock of any origin and unit */
export function createStopwatch(now: () => number): Stopwatch {
  let total = 0
  return {
    get total() {
      return total
    },
    measure(work) {
      const started = now()
      try {
        return work()
      } finally {
        total += now() - started
      }
    },
  }
}

/** Measures the work of a component. */
export function timingOf({ measure }: Stopwatch): ComponentObserver {
  return aroundEveryVerb(() => measure)
}
