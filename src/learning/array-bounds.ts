import { type Sign, weightsOfSign } from '../network/description/sign.js'
import { MINIMAL_CYCLE_DELAY } from '../network/graph/lookahead.js'
import type { Bounds } from './default-bounds.js'
import type { ParameterKind, StepOptions } from './session.js'

/** What of a network narrows the bounds of its parameters. */
export interface NetworkLimits {
  /** Keys of the projections that lie on a cycle, whose delays stay at MINIMAL_CYCLE_DELAY or more. */
  readonly cyclic: ReadonlySet<string>
  /** Of the projections whose weights keep one. */
  readonly signs: ReadonlyMap<string, Sign>
}

/** The bounds of one array of parameters: those of its kind, narrowed to what keeps the network valid. */
export function arrayBounds(
  kind: ParameterKind,
  projection: string | undefined,
  bounds: StepOptions['bounds'],
  { cyclic, signs }: NetworkLimits,
): Bounds {
  const [min, max] = bounds[kind] ?? [-Infinity, Infinity]
  // The search for crossings is sound for steps from 0 on.
  if (kind === 'adaptation') return [Math.max(min, 0), max]
  if (projection === undefined) return [min, max]
  if (kind === 'delays') return [cyclic.has(projection) ? Math.max(min, MINIMAL_CYCLE_DELAY) : min, max]
  const [least, most] = weightsOfSign(signs.get(projection))
  return [Math.max(min, least), Math.min(max, most)]
}

/**
 * A threshold that is learned or perturbed stays this far above vReset, whatever the bounds: at vReset a neuron would never
 * stop firing.
 */
export const MINIMAL_EXCURSION = 1e-3

/** Raises thresholds that have come too close to vReset, in place. */
export function keepAboveReset(vReset: Float64Array, thresholds: Float64Array): void {
  vReset.forEach((reset, n) => {
    thresholds[n] = Math.max(thresholds[n] as number, reset + MINIMAL_EXCURSION)
  })
}
