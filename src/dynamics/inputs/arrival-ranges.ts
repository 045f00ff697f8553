import { noisyRange, type SpikeNoise } from '../noise/spike-noise.js'
import type { DelayRange, Synapses } from '../parameters/synapses.js'
import type { KernelInput } from './kernel-input.js'

/** The current delays of the synapses behind each input, in ms. */
export function delayRanges(
  inputs: readonly KernelInput[],
  synapses: Synapses,
  delays: Float64Array,
): readonly DelayRange[] {
  return inputs.map(({ projection, units }) => synapses.delayRange(projection, units, delays))
}

/** How soon and how late after a spike of each input it may arrive, in ms: its delays, with what noise does to them. */
export function arrivalRanges(
  inputs: readonly KernelInput[],
  ranges: readonly DelayRange[],
  noise: SpikeNoise | undefined,
): readonly DelayRange[] {
  if (noise === undefined) return ranges
  return inputs.map(({ projection, latency }, input) => {
    return noisyRange(ranges[input] as DelayRange, noise.projections[projection], latency)
  })
}
