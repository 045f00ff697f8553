import type { Projection } from '../description/network.js'
import type { MatrixShape } from '../validation/validate-matrix.js'

/** 1 for every unit of a projection's source that its description joins to some neuron of the target; a rule may join all. */
export function joinedUnits(connectivity: Projection['connectivity'], { sources, targets }: MatrixShape): Uint8Array {
  const joined = new Uint8Array(sources)
  if (connectivity.kind === 'synapses') {
    for (const unit of connectivity.sources) joined[unit] = 1
    return joined
  }
  const without = new Uint32Array(sources)
  if (connectivity.kind === 'dense')
    for (const pair of connectivity.absent) without[pair % sources] = (without[pair % sources] as number) + 1
  return joined.map((_, unit) => Number((without[unit] as number) < targets))
}
