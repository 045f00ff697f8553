import type { SpikeTrains } from '../../events/spike-trains.js'
import { delayOfSynapse } from '../../network/graph/delay-of-synapse.js'
import type { Afferent, Synapses } from '../parameters/synapses.js'

/** Counts the synaptic events that spikes cause through one projection into a kernel. */
export interface ArrivalCounter {
  /** Whether spikes of a unit of the source reach a neuron here. */
  isHeard(unit: number): boolean
  /** A run begins, with the delays of now. */
  begin(until: number): void
  /** One event per synapse of each spike whose arrival, spike time + delay, comes before the end of the trials. */
  count(trains: Pick<SpikeTrains, 'times' | 'units'>): number
}

/** A kernel as far as its arrivals are counted. */
interface Counted {
  readonly synapses: Synapses
  /** At present, ms; read again in every run. */
  readonly delays: Float64Array
}

export function createArrivalCounter(kernel: Counted, projection: number): ArrivalCounter {
  const { synapses } = kernel
  const { delayShape, delayBase, delayCount, base } = synapses.afferents[projection] as Afferent
  const { start, list } = synapses.fan(projection)
  let delays: Float64Array = new Float64Array(0)
  let longest = 0
  let end = Infinity

  /** Near the end some synapses are too long, and have to be looked at one by one. */
  function countInTime(time: number, unit: number): number {
    let count = 0
    for (let at = start[unit] as number; at < (start[unit + 1] as number); at++) {
      const delay = delayOfSynapse(delays, delayShape, delayBase, unit, (list[at] as number) - base)
      if (time + delay < end) count++
    }
    return count
  }

  return {
    isHeard: (unit) => synapses.isHeard(projection, unit),
    begin(until) {
      end = until
      delays = kernel.delays
      longest = 0
      for (let d = delayBase; d < delayBase + delayCount; d++) longest = Math.max(longest, delays[d] as number)
    },
    count({ times, units }) {
      let count = 0
      for (let k = 0; k < times.length; k++) {
        const unit = units[k] as number
        const time = times[k] as number
        if (time + longest < end) count += (start[unit + 1] as number) - (start[unit] as number)
        else count += countInTime(time, unit)
      }
      return count
    },
  }
}
