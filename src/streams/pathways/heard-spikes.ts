import { selectSpikes } from '../../events/select-spikes.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import { hasUnit, type UnitSet } from '../../events/unit-set.js'

/** A batch of which some spikes are left out. */
export interface HeardSpikes {
  /** Of the same sequence and window. */
  readonly batch: SpikeBatch
  /** Where its spikes stand in the whole batch, and how many these are. */
  readonly places: Uint32Array
  readonly count: number
}

/** @param first the unit of the slice that is number 0 in the set */
export function heardSpikes(batch: SpikeBatch, heard: UnitSet, first: number): HeardSpikes {
  const { units, times } = batch
  const { trains, places } = selectSpikes(batch, (place) => hasUnit(heard, (units[place] as number) - first))
  return { batch: { ...batch, ...trains }, places, count: times.length }
}

/**
 * The sums that returned for the spikes that were sent, as those for the whole batch: +0 for those left out.
 *
 * @param values node after node, of so many nodes
 */
export function sumsForAll(
  values: Float64Array,
  nodes: number,
  { places, count }: Pick<HeardSpikes, 'places' | 'count'>,
): Float64Array {
  const all = new Float64Array(nodes * count)
  for (let node = 0; node < nodes; node++)
    for (let k = 0; k < places.length; k++)
      all[node * count + (places[k] as number)] = values[node * places.length + k] as number
  return all
}
