import { nextUp } from '../numerics/neighbours.js'
import { type Bounds, FINITE, intersection, modelLimits, type NetworkLimits } from './parameter-kinds.js'
import type { ParameterKind, StepOptions } from './session.js'

/** The bounds of one array of parameters: those of its kind, narrowed to what keeps the network valid. */
export function arrayBounds(
  kind: ParameterKind,
  projection: string | undefined,
  bounds: StepOptions['bounds'],
  limits: NetworkLimits,
): Bounds {
  return intersection(modelLimits(kind, projection, limits), bounds[kind] ?? FINITE)
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
