import type { LifValues, LiValues, ProjectionValues } from '../network/instance.js'
import { pairwiseSum } from '../numerics/pairwise-sum.js'
import type { ParameterLayout } from './parameter-layout.js'
import type { Synapses } from './synapses.js'

/** The parameter vector of a group as its description says. */
export function initialParameters(
  values: LifValues | LiValues,
  projections: readonly ProjectionValues[],
  layout: ParameterLayout,
): Float64Array {
  const vector = new Float64Array(layout.length)
  let weights = layout.weights
  let delays = layout.delays
  for (const projection of projections) {
    vector.set(projection.weights, weights)
    vector.set(projection.delays, delays)
    weights += projection.weights.length
    delays += projection.delays.length
  }
  vector.set(values.bias, layout.bias)
  if (values.kind === 'lif') {
    vector.set(values.threshold, layout.threshold)
    vector.set(values.adaptStep, layout.adaptStep)
  }
  return vector
}

/** Adds the blocks' shares of shared delays in their pairwise tree, into the places of the delays. */
export function sumSharedDelays(gradient: Float64Array, layout: ParameterLayout, { afferents }: Synapses): void {
  const shares = new Float64Array(layout.blocks)
  afferents.forEach(({ delayBase, delayCount }, p) => {
    const base = layout.sharedBase[p] as number
    if (base < 0) return
    for (let k = 0; k < delayCount; k++) {
      for (let b = 0; b < layout.blocks; b++)
        shares[b] = gradient[layout.shared + b * layout.sharedCount + base + k] as number
      gradient[layout.delays + delayBase + k] = pairwiseSum(shares, 0, layout.blocks)
    }
  })
}
