import type { DelayRange } from '../../../parameters/synapses.js'
import type { SimdEngine } from '../layout/simd-engine.js'

/** The least delay of the units of each input, unit by unit among those of all projections, in ms. */
export function leastDelaysOf({ places, group }: SimdEngine, ranges: readonly DelayRange[]): Float64Array {
  const units = group.synapses.afferents.reduce((sum, { sourceSize }) => sum + sourceSize, 0)
  const least = new Float64Array(units).fill(Number.POSITIVE_INFINITY)
  group.inputs.forEach(({ projection, units: { start, end } }, input) => {
    const first = places.firstUnit[projection] as number
    least.fill((ranges[input] as DelayRange).least, first + start, first + end)
  })
  return least
}
