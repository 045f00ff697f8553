import type { SpikeTrains } from '../../events/spike-trains.js'
import type { VoltagesOrder } from '../partition/partition.js'

/** Spikes with a number each. */
export interface ValuedSpikes {
  readonly trains: SpikeTrains
  readonly values: Float64Array
}

/** What a run was asked to show. Merged over slices only on access. */
export interface ShownRun {
  spikes(group: string): SpikeTrains
  /** dL/d(spike time) along a projection; null where there was no backward pass. Raises GRADIENTS_INSIDE. */
  gradients(projection: string): ValuedSpikes | null
  /** Raises VOLTAGES_DRIVEN, VOLTAGES_LATE, VOLTAGES_ENDLESS, VOLTAGES_MANY. */
  voltages(asked: VoltagesOrder): Float64Array
}

/** What watchers ask a run for, beside what it was asked for anyway. */
export interface Asked {
  /** Groups whose spikes are wanted. */
  readonly spikes: readonly string[]
  /** Keys of the projections whose gradient events are wanted. */
  readonly gradients: readonly string[]
  readonly voltages: readonly VoltagesOrder[]
}

export const NOTHING_ASKED: Asked = { spikes: [], gradients: [], voltages: [] }

/** Everything that several ask for, once. */
export function askedByAll(asked: readonly Asked[]): Asked {
  const all = (of: 'spikes' | 'gradients') => [...new Set(asked.flatMap((each) => each[of]))]
  if (asked.length === 0) return NOTHING_ASKED
  const voltages = asked.flatMap((each) => each.voltages)
  return { spikes: all('spikes'), gradients: all('gradients'), voltages }
}
