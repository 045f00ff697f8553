import type { ComponentKernel } from '../../dynamics/component-kernel.js'

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
  return {
    kernels: component.kernels,
    inputs: component.inputs,
    smallestDelays: () => component.smallestDelays(),
    begin: (options) => measure(() => component.begin(options)),
    reach: (horizon, promised) => component.reach(horizon, promised),
    nextEvent: () => component.nextEvent(),
    resume: (options, start, states) => measure(() => component.resume(options, start, states)),
    saveStates: () => component.saveStates(),
    receive: (input, batch) => measure(() => component.receive(input, batch)),
    advance: (horizon) => measure(() => component.advance(horizon)),
    beginBackward: (peakGradients) => measure(() => component.beginBackward(peakGradients)),
    retreat: (returned) => measure(() => component.retreat(returned)),
    takeAnswers: () => measure(() => component.takeAnswers()),
  }
}
