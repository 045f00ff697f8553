import { nextUp } from '../numerics/neighbours.js'
import type { StepSize } from './optimizers/optimizer.js'
import { type Bounds, FINITE, intersection, modelLimits, type NetworkLimits } from './parameter-kinds.js'
import type { ParameterKind, StepOptions } from './session.js'

/** The bounds of one array of parameters: those of its kind, narrowed to what keeps the network valid. */
function arrayBounds(
  kind: ParameterKind,
  projection: string | undefined,
  bounds: StepOptions['bounds'],
  limits: NetworkLimits,
): Bounds {
  return intersection(modelLimits(kind, projection, limits), bounds[kind] ?? FINITE)
}

/** How one array takes a step along a gradient that `scale` multiplies first; null where its kind is not learned. */
export function stepSizeOf(
  kind: ParameterKind,
  projection: string | undefined,
  { rates, bounds, decay = {} }: Pick<StepOptions, 'rates' | 'bounds' | 'decay'>,
  limits: NetworkLimits,
  scale: number,
): StepSize | null {
  const rate = rates[kind]
  if (rate === undefined) return null
  const strengths: Readonly<Partial<Record<ParameterKind, number>>> = decay
  const [min, max] = arrayBounds(kind, projection, bounds, limits)
  return { rate, scale, keep: 1 - rate * (strengths[kind] ?? 0), min, max }
}

/**
 * What becomes of weights of a projection into neurons that were silent in all trials: each is raised by `step` as far as its
 * bounds and its sign allow. A heuristic, no gradient.
 */
export function wakenedWeight(
  projection: string,
  step: number,
  bounds: StepOptions['bounds'],
  limits: NetworkLimits,
): (weight: number) => number {
  const [least, most] = arrayBounds('weights', projection, bounds, limits)
  return (weight) => Math.min(most, Math.max(least, weight + step))
}

/**
 * A threshold that is learned or perturbed stays this far above vReset, whatever the bounds: at vReset a neuron would never
 * stop firing.
 */
const MINIMAL_EXCURSION = 1e-3

/** The lowest threshold that is learned or perturbed beside a vReset. */
export function leastThreshold(vReset: number): number {
  return Math.max(vReset + MINIMAL_EXCURSION, nextUp(vReset))
}

/** Raises thresholds that have come too close to vReset, in place. */
export function keepAboveReset(vReset: Float64Array, thresholds: Float64Array): void {
  vReset.forEach((reset, n) => {
    thresholds[n] = Math.max(thresholds[n] as number, leastThreshold(reset))
  })
}
