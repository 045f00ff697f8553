import { neighbour } from './ulp-error.js'

/** Of the 50 doubles around x, those whose value is above that of their upper neighbour. */
export function decreases(evaluate: (x: number) => number, x: number): number[] {
  const around = Array.from({ length: 50 }, (_, i) => neighbour(x, i - 25))
  return around.filter((at) => evaluate(at) > evaluate(neighbour(at, 1)))
}
