import type { SpikeTrains } from '../../events/spike-trains.js'
import type { SpikeView, TrialView } from './loss-definition.js'
import type { LossSetting } from './loss-record.js'

/** The spikes of one trial, as copies. */
export function spikesOf({ offsets, times, units }: SpikeTrains, trial: number): Pick<SpikeView, 'times' | 'units'> {
  const [from, to] = [offsets[trial], offsets[trial + 1]]
  return { times: times.slice(from, to), units: units.slice(from, to) }
}

/** What every view has; a label of -1 is none. */
export function viewOf({ size, until }: LossSetting, label: number): TrialView {
  return { label: label < 0 ? null : label, size, until }
}
