import type { KernelValues, ProjectionValues } from '../../network/instance/instance.js'
import { hasNeurons, learnableOf, learnedValues } from '../../network/models/models.js'
import type { ParameterLayout } from './parameter-layout.js'
import { describedTau } from './tau-values.js'

/**
 * The parameter vector of a group as its description says.
 *
 * @param vector to be written to; default: a new one
 */
export function initialParameters(
  values: KernelValues,
  projections: readonly ProjectionValues[],
  layout: ParameterLayout,
  vector: Float64Array = new Float64Array(layout.length),
): Float64Array {
  vector.fill(0)
  let weights = layout.weights
  let delays = layout.delays
  for (const projection of projections) {
    vector.set(projection.weights, weights)
    vector.set(projection.delays, delays)
    weights += projection.weights.length
    delays += projection.delays.length
  }
  if (!hasNeurons(values)) return vector
  for (const { field } of learnableOf(values)) vector.set(learnedValues(values, field), layout[field])
  for (const { field, at, count } of layout.taus) vector.set(describedTau(values, field).subarray(0, count), at)
  return vector
}
