import type { KernelInput } from './kernel-input.js'
import { noisyRange, type SpikeNoise } from './noise/spike-noise.js'
import type { DelayRange, Synapses } from './synapses.js'

/** How soon and how late after a spike of each input it may arrive, in ms, with what noise does to it. */
export function arrivalRanges(
  inputs: readonly KernelInput[],
  synapses: Synapses,
  delays: Float64Array,
  noise?: SpikeNoise,
): readonly DelayRange[] {
  return inputs.map(({ projection, units, latency }) => {
    const range = synapses.delayRange(projection, units, delays)
    return noise === undefined ? range : noisyRange(range, noise.projections[projection], latency?.least)
  })
}
