import type { SpikeTrains } from '../../events/spike-trains.js'

/** Where spikes differ from others in a bit, in words; null if nowhere. */
export function spikeDifference(found: SpikeTrains, expected: SpikeTrains): string | null {
  for (let trial = 0; trial + 1 < expected.offsets.length; trial++) {
    const [from, other] = [found.offsets[trial] as number, expected.offsets[trial] as number]
    const count = (found.offsets[trial + 1] as number) - from
    const wanted = (expected.offsets[trial + 1] as number) - other
    for (let k = 0; k < Math.max(count, wanted); k++) {
      const [a, b] = [k < count ? spikeAt(found, from + k) : 'none', k < wanted ? spikeAt(expected, other + k) : 'none']
      if (a !== b) return `spike ${k} of trial ${trial} is ${a}, expected ${b}`
    }
  }
  return null
}

function spikeAt({ times, units }: SpikeTrains, k: number): string {
  return `one of unit ${units[k]} at ${times[k]} ms`
}

/** The same of numbers. */
export function numberDifference(what: string, found: Float64Array, expected: Float64Array): string | null {
  for (let k = 0; k < Math.max(found.length, expected.length); k++)
    if (!Object.is(found[k], expected[k])) return `${what}[${k}] is ${found[k]}, expected ${expected[k]}`
  return null
}
