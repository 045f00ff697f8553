import type { NoiseChoice } from '../../learning/noise/device-noise.js'
import { quantizeSigned, signedLevels, weightCount } from '../../learning/noise/quantize.js'
import { rangeFor } from '../../learning/noise/with-ranges.js'
import type { Network } from '../../network/description/network.js'
import { instantiate } from '../../network/instance/instantiate.js'

/**
 * Keys of the projections all of whose weights become 0 on a device, though not all of them are.
 *
 * @param noise with its ranges
 * @param seed of the network
 */
export function silentProjections(network: Network, noise: NoiseChoice, seed: number): readonly string[] {
  const count = weightCount(noise)
  if (count === null) return []
  const silent = instantiate(network, seed).projections.filter(({ key, weights }) => {
    const levels = signedLevels(count, rangeFor(noise.weightRange, key) ?? 0)
    return weights.some((weight) => weight !== 0) && weights.every((weight) => quantizeSigned(weight, levels) === 0)
  })
  return silent.map(({ key }) => key)
}
