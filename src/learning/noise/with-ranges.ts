import { entryOf } from '../../events/by-name.js'
import type { Network } from '../../network/network.js'
import type { NoiseChoice } from './device-noise.js'
import { describedWeightRange } from './weight-range.js'

/**
 * Noise that says the range of every projection whose weights it quantises: where it says none, the one of the network's
 * description. A network that was trained is described by what it has learned, so these are taken once, before.
 *
 * @param known ranges that were taken earlier; they come before those of the description
 */
export function withRanges<Noise extends NoiseChoice>(
  { projections }: Pick<Network, 'projections'>,
  noise: Noise,
  known: Readonly<Record<string, number>> = {},
): Noise {
  const { weightBits, weightRange } = noise
  if (weightBits === undefined || typeof weightRange === 'number') return noise
  const ranges = projections.map((projection) => {
    const { key } = projection
    return [key, entryOf(weightRange, key) ?? entryOf(known, key) ?? describedWeightRange(projection)] as const
  })
  return { ...noise, weightRange: Object.fromEntries(ranges) }
}
