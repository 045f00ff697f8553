import type { SpikeTrains } from '../../events/spike-trains.js'

/** Spikes with a number each. */
export interface ValuedSpikes {
  readonly trains: SpikeTrains
  readonly values: Float64Array
}

/** What a run was asked to show. Merged over slices only where somebody looks. */
export interface ShownRun {
  spikes(group: string): SpikeTrains
  /** dL/d(spike time) along a projection; null where there was no backward pass. Raises GRADIENTS_INSIDE. */
  gradients(projection: string): ValuedSpikes | null
}

/** What whoever watches asks a run for, beside what it was asked for anyway. */
export interface Asked {
  /** Groups whose spikes are wanted. */
  readonly spikes: readonly string[]
  /** Keys of the projections whose gradient events are wanted. */
  readonly gradients: readonly string[]
}

export const NOTHING_ASKED: Asked = { spikes: [], gradients: [] }

/** Everything that several ask for, once. */
export function askedByAll(asked: readonly Asked[]): Asked {
  const all = (of: 'spikes' | 'gradients') => [...new Set(asked.flatMap((each) => each[of]))]
  return asked.length === 0 ? NOTHING_ASKED : { spikes: all('spikes'), gradients: all('gradients') }
}
