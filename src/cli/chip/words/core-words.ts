import type { CoreFit } from '../../../hardware/fit/chip-fit.js'
import type { ChipResource } from '../../../hardware/fit/core-limits.js'
import { RESOURCE_NAMES } from '../../../hardware/fit/fit-words.js'
import type { ChipProfile } from '../../../hardware/profile/chip-profile.js'
import { type CorePlace, tileOf } from '../../../hardware/routing/layout.js'
import { describeSlice } from '../../../hardware/slices.js'
import type { FloorCore } from '../../../storage/pictures/floor-plan-picture.js'

/** A share of shared memory is not one of its bits. */
const RESOURCES: Readonly<Record<ChipResource, string>> = { ...RESOURCE_NAMES, sharedSynapseBits: 'shared memory' }

/** The resource of which a core uses the largest share; null where no limit is known. */
export function tightestOf({ uses }: Pick<CoreFit, 'uses'>): FloorCore['tightest'] {
  let tightest: FloorCore['tightest'] = null
  for (const { resource, need, limit } of uses) {
    if (limit === null || limit === 0) continue
    const share = need / limit
    if (tightest === null || share > tightest.share) tightest = { resource: RESOURCES[resource], share }
  }
  return tightest
}

/** Slices with commas; long lists of blocks are cut. */
export function holdsOf({ slices }: Pick<CoreFit, 'slices'>, most = 4): readonly string[] {
  const shown = slices.slice(0, most).map(describeSlice)
  return slices.length <= most ? shown : [...shown, `and ${slices.length - most} more`]
}

/** Where a core's tile lies, counted over all chips. */
export function positionOf({ chip, chips }: ChipProfile, { chip: number, core }: CorePlace) {
  const { x, y } = tileOf({ chip }, core)
  return {
    x: (number % chips.columns) * chip.columns + x,
    y: Math.floor(number / chips.columns) * chip.rows + y,
  }
}
