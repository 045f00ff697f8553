import { bandPush } from '../../dynamics/models/rate-band.js'
import { entryOf } from '../../events/by-name.js'
import type { RateBands } from '../banded-step.js'
import type { GridNetwork } from './grid-network.js'
import type { GridTally } from './grid-tally.js'

/**
 * What holds neurons to a number of spikes in the present trial: of each with `count` spikes, the loss
 *
 *     strength / 2 · (count - high)^2 above the band, strength / 2 · (count - low)^2 below it, 0 within,
 *
 * where count = sum over k of s_k, so that at every point k of the grid
 *
 *     dL/ds_k += strength · (count - high) above the band, strength · (count - low) below it.
 *
 * It goes through the surrogate derivative like all of dL/ds: descending it, a neuron fires less above the band and more
 * below, whether or not it has spiked; one without a spike is reached, and the more the closer it came to its threshold.
 * The loss that is reported does not have it. The exact method knows of a push at the spikes alone, see `bandPush`.
 *
 * Returns whether it was active anywhere.
 */
export function applyRateBands(network: GridNetwork, tally: GridTally, bands: RateBands = {}): boolean {
  let isActive = false
  for (const group of network.lifGroups()) {
    const band = entryOf(bands, group.values.name)
    if (band === undefined) continue
    const { size, pushes } = group
    let isPushed = false
    for (let unit = 0; unit < size; unit++) {
      const push = bandPush(band, tally.countOf(group.values.name, unit))
      pushes[unit] = push
      isPushed ||= push !== 0
    }
    group.isPushed = isPushed
    isActive ||= isPushed
  }
  return isActive
}
