import type { DelayRange } from '../synapses.js'
import type { OctetEngine } from './octet-engine.js'

/** The least delay of the units of each input, unit by unit among those of all projections, in ms. */
export function leastDelaysOf({ places, group }: OctetEngine, ranges: readonly DelayRange[]): Float64Array {
  const units = group.synapses.afferents.reduce((sum, { sourceSize }) => sum + sourceSize, 0)
  const least = new Float64Array(units).fill(Number.POSITIVE_INFINITY)
  group.inputs.forEach(({ projection, units: { start, end } }, input) => {
    const first = places.firstUnit[projection] as number
    least.fill((ranges[input] as DelayRange).least, first + start, first + end)
  })
  return least
}
