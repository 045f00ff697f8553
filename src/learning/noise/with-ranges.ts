import { entryOf } from '../../events/by-name.js'
import type { Network } from '../../network/description/network.js'
import { isSpiking } from '../../network/models/models.js'
import { describedRange } from './described-range.js'
import type { NoiseChoice, PerName } from './device-noise.js'
import { thresholdCount, weightCount } from './quantize.js'

/** The ranges of what a device quantises. */
export type NoiseRanges = Pick<NoiseChoice, 'weightRange' | 'thresholdRange'>

/**
 * Noise that says the range of everything that it quantises: of each projection for weights, of each lif group for
 * thresholds. Where it says none, it is the one of the network's description. A network that was trained is described by what
 * it has learned, so these are taken once, before.
 *
 * @param known ranges that were taken earlier; they come before those of the description
 */
export function withRanges<Noise extends NoiseChoice>(
  { projections, groups }: Pick<Network, 'projections' | 'groups'>,
  noise: Noise,
  known: NoiseRanges = {},
): Noise {
  const weights = projections.map(({ key, weights: described }) => [key, described] as const)
  const thresholds = groups.flatMap((group) => (isSpiking(group) ? [[group.name, group.threshold] as const] : []))
  return {
    ...noise,
    ...(weightCount(noise) === null ? {} : { weightRange: rangesOf(weights, noise.weightRange, known.weightRange) }),
    ...(thresholdCount(noise) === null
      ? {}
      : { thresholdRange: rangesOf(thresholds, noise.thresholdRange, known.thresholdRange) }),
  }
}

type Described = readonly [name: string, numbers: Parameters<typeof describedRange>[0]]

function rangesOf(described: readonly Described[], given: PerName | undefined, known: PerName | undefined): PerName {
  if (typeof given === 'number') return given
  const ranges = described.map(([name, numbers]) => {
    return [name, entryOf(given, name) ?? rangeFor(known, name) ?? describedRange(numbers)] as const
  })
  return Object.fromEntries(ranges)
}

/** What a number, or an entry of a record, says of a name. */
export function rangeFor(range: PerName | undefined, name: string): number | undefined {
  return typeof range === 'number' ? range : entryOf(range, name)
}
