import type { ComponentKernel } from '../../dynamics/kernels/component-kernel.js'
import { aroundEveryVerb, observedComponent } from './observed-component.js'

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

/** The same component, whose work is measured. */
export function timedComponent(component: ComponentKernel, { measure }: Stopwatch): ComponentKernel {
  return observedComponent(
    component,
    aroundEveryVerb(() => measure),
  )
}
