import { deepFreeze } from '../../network/description/deep-freeze.js'
import type { Network } from '../../network/description/network.js'
import type { ChipPlacement, PlacedCore } from '../placement.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'
import { inNetworkOrder } from '../slices.js'
import { checkChipPlacement } from './check-chip-placement.js'

/**
 * A placement on a chip by hand: what its cores hold, in any order; those that are not named are empty.
 *
 * Raises `InputError` with the codes of `checkChipPlacement`.
 *
 * @example
 * defineChipPlacement(network, chipProfile('loihi'), [
 *   { chip: 0, core: 0, slices: [{ group: 'input', start: 0, end: 5 }] },
 *   { chip: 0, core: 4, slices: [{ group: 'hidden', start: 0, end: 120 }, { group: 'output', start: 0, end: 3 }] },
 * ])
 */
export function defineChipPlacement(
  network: Network,
  profile: ChipProfile,
  cores: readonly PlacedCore[],
): ChipPlacement {
  const { name, chips } = defineChipProfile(profile)
  const given = { profile: name, chips: { columns: chips.columns, rows: chips.rows }, cores }
  checkChipPlacement(network, profile, given)
  const ordered = inNetworkOrder(network)
  const placed = cores.map(({ chip, core, slices }): PlacedCore => ({ chip, core, slices: ordered(slices) }))
  return deepFreeze({ ...given, cores: placed.sort((a, b) => a.chip - b.chip || a.core - b.core) })
}
