import type { GroupSlice } from '../../network/slices/group-slice.js'
import type { Incoming } from '../reach/incoming.js'
import { rowOf } from '../reach/rows.js'

/** Spikes times synapses of one projection into a slice of its target. */
export function eventsInto(
  { axons }: Incoming,
  { start, end }: Omit<GroupSlice, 'group'>,
  spikes: Float64Array,
): number {
  const spikesOf = (unit: number) => spikes[unit] as number
  let events = 0
  switch (axons.kind) {
    case 'dense': {
      const all = spikes.reduce((sum, each) => sum + each, 0)
      if (axons.absent === null) return all * (end - start)
      for (let neuron = start; neuron < end; neuron++) {
        const absent = rowOf(axons.absent, neuron)
        events += all
        for (const unit of absent) events -= spikesOf(unit)
      }
      return events
    }
    case 'listed':
      // The rows of neurons that follow each other do, too.
      for (const unit of axons.rows.units.subarray(axons.rows.offsets[start], axons.rows.offsets[end]))
        events += spikesOf(unit)
      return events
    case 'oneToOne':
      for (let unit = start; unit < end; unit++) events += spikesOf(unit)
      return events
    case 'chance':
      throw new RangeError('synapses by chance, expected drawn ones')
  }
}
