import type { GroupSlice } from '../../network/slices/group-slice.js'
import type { Incoming } from '../reach/incoming.js'
import { rowOf } from '../reach/rows.js'

/** Gets numbers of synapses: from each unit of a group, and on top from single ones. */
export interface SynapseCounts {
  all(count: number): void
  one(unit: number, count: number): void
}

/** Tells how many synapses of one projection lead from each unit into a slice of its target. */
export function tellSynapses(
  { axons }: Incoming,
  { start, end }: Omit<GroupSlice, 'group'>,
  { all, one }: SynapseCounts,
): void {
  switch (axons.kind) {
    case 'dense':
      all(end - start)
      for (let neuron = start; axons.absent !== null && neuron < end; neuron++)
        for (const unit of rowOf(axons.absent, neuron)) one(unit, -1)
      return
    case 'listed':
      // The rows of neurons that follow each other do, too.
      for (const unit of axons.rows.units.subarray(axons.rows.offsets[start], axons.rows.offsets[end])) one(unit, 1)
      return
    case 'oneToOne':
      for (let unit = start; unit < end; unit++) one(unit, 1)
      return
    case 'chance':
      throw new RangeError('synapses by chance, expected drawn ones')
  }
}

/** Spikes times synapses of one projection into a slice of its target. */
export function eventsInto(into: Incoming, slice: Omit<GroupSlice, 'group'>, spikes: Float64Array): number {
  let events = 0
  tellSynapses(into, slice, {
    all: (count) => {
      events += count * spikes.reduce((sum, each) => sum + each, 0)
    },
    one: (unit, count) => {
      events += count * (spikes[unit] as number)
    },
  })
  return events
}
