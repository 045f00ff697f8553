import type { SpikeTrains } from '../../events/spike-trains.js'

/** The spikes of one trial and the target spikes of one label, as one list in the order of time. */
export interface Jumps {
  readonly times: Float64Array
  readonly units: Uint32Array
  /** Entries of the spikes among all trials; -1: a target. */
  readonly spikes: Int32Array
}

/** Both in the order of time; at one time spikes come before targets. */
export function mergeJumps(trains: SpikeTrains, trial: number, targets: SpikeTrains, label: number): Jumps {
  const end = trains.offsets[trial + 1] as number
  const stop = targets.offsets[label + 1] as number
  let spike = trains.offsets[trial] as number
  let target = targets.offsets[label] as number
  const count = end - spike + stop - target
  const jumps = { times: new Float64Array(count), units: new Uint32Array(count), spikes: new Int32Array(count) }
  for (let k = 0; k < count; k++) {
    const isSpike =
      target === stop || (spike < end && (trains.times[spike] as number) <= (targets.times[target] as number))
    const from = isSpike ? trains : targets
    const at = isSpike ? spike++ : target++
    jumps.times[k] = from.times[at] as number
    jumps.units[k] = from.units[at] as number
    jumps.spikes[k] = isSpike ? at : -1
  }
  return jumps
}
