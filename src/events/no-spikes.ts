import type { SpikeTrains } from './spike-trains.js'

/** No spikes in any trial. */
export function noSpikes(trials: number): SpikeTrains {
  return { offsets: new Uint32Array(trials + 1), times: new Float64Array(0), units: new Uint32Array(0) }
}
