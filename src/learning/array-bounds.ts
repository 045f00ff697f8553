import { type Sign, weightsOfSign } from '../network/description/sign.js'
import { MINIMAL_CYCLE_DELAY } from '../network/graph/lookahead.js'
import { LONGEST_TIME_CONSTANT, SHORTEST_TIME_CONSTANT } from '../network/validation/quantity-rule.js'
import { nextUp } from '../numerics/neighbours.js'
import type { Bounds } from './default-bounds.js'
import type { ParameterKind, StepOptions } from './session.js'

/** What of a network narrows the bounds of its parameters. */
export interface NetworkLimits {
  /** Keys of the projections that lie on a cycle, whose delays stay at MINIMAL_CYCLE_DELAY or more. */
  readonly cyclic: ReadonlySet<string>
  /** Of the projections whose weights keep one. */
  readonly signs: ReadonlyMap<string, Sign>
}

/** Every finite number. */
const FINITE: Bounds = [-Number.MAX_VALUE, Number.MAX_VALUE]

/**
 * What the model allows of one array of parameters, whatever is asked for: finite numbers that the network could be described
 * with. Thresholds also stay above vReset, neuron by neuron: see `keepAboveReset`.
 */
export function modelLimits(
  kind: ParameterKind,
  projection: string | undefined,
  { cyclic, signs }: NetworkLimits,
): Bounds {
  switch (kind) {
    case 'weights':
      return projection === undefined ? FINITE : intersection(FINITE, weightsOfSign(signs.get(projection)))
    case 'delays':
      return [projection !== undefined && cyclic.has(projection) ? MINIMAL_CYCLE_DELAY : 0, Number.MAX_VALUE]
    // The search for crossings is sound for steps from 0 on.
    case 'adaptation':
      return [0, Number.MAX_VALUE]
    case 'taus':
      return [SHORTEST_TIME_CONSTANT, LONGEST_TIME_CONSTANT]
    case 'thresholds':
    case 'bias':
      return FINITE
  }
}

/** The bounds of one array of parameters: those of its kind, narrowed to what keeps the network valid. */
export function arrayBounds(
  kind: ParameterKind,
  projection: string | undefined,
  bounds: StepOptions['bounds'],
  limits: NetworkLimits,
): Bounds {
  return intersection(modelLimits(kind, projection, limits), bounds[kind] ?? FINITE)
}

/** What both hold; the lower end is above the upper one where that is nothing. */
export function intersection(a: Bounds, b: Bounds): Bounds {
  return [Math.max(a[0], b[0]), Math.min(a[1], b[1])]
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
