import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/description/network.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { readNetwork } from '../../network/reading/read-network.js'
import { createSiteCheck, nameOfCore } from '../fit/chip-sites.js'
import type { ChipPlacement, PlacedCore } from '../placement.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'
import { requireCovering } from '../require-slices.js'
import { readChipPlacement } from './read-chip-placement.js'
import { PLACE_ANEW } from './remedies.js'

/**
 * Refuses a placement that does not fit the network, or names cores that there are not. Whether there is enough room on them
 * is another question, which `fitChip` answers.
 *
 * Raises `InputError`: `PLACEMENT_PROFILE` for one of another profile or number of chips, `PLACEMENT_CORE_UNKNOWN`,
 * `PLACEMENT_CORE_DEAD`, `PLACEMENT_CORE_TWICE`; `PLACEMENT_CORE_EMPTY`, `PLACEMENT_GROUP_UNKNOWN`,
 * `PLACEMENT_SLICE_INVALID`, `PLACEMENT_CUT` (not between blocks of 32), `PLACEMENT_OVERLAP`, `PLACEMENT_GAP`; `FIELD_TYPE`
 * and `FIELD_MISSING` for what is no placement at all.
 */
export function checkChipPlacement(network: Network, given: ChipProfile, placement: ChipPlacement): void {
  readNetwork(network)
  const profile = defineChipProfile(given)
  const { profile: name, chips, cores } = readChipPlacement(placement)
  if (name !== profile.name) throw otherChips('profile', describeValue(name), describeValue(profile.name))
  const { columns, rows } = chips
  if (columns !== profile.chips.columns || rows !== profile.chips.rows) {
    const found = `${columns} x ${rows} chips`
    throw otherChips('chips', found, `${profile.chips.columns} x ${profile.chips.rows}`)
  }
  cores.forEach(createSiteCheck(profile, 'cores', { dead: 'PLACEMENT_CORE_DEAD', twice: 'PLACEMENT_CORE_TWICE' }))
  requireCovering(
    network,
    cores.map(({ slices }) => slices),
    { nameOf: (k) => nameOfCore(cores[k] as PlacedCore), checkTwins: () => undefined },
  )
}

function otherChips(field: string, found: string, expected: string): InputError {
  return new InputError({ code: 'PLACEMENT_PROFILE', field, found, expected, remedy: PLACE_ANEW })
}
