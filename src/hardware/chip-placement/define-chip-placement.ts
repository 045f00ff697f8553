import { deepFreeze } from '../../network/description/deep-freeze.js'
import type { Network } from '../../network/description/network.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import type { PlacedCore } from '../fit/chip-fit.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { defineChipProfile } from '../profile/parse-chip-profile.js'
import { checkChipPlacement } from './check-chip-placement.js'
import type { ChipPlacement } from './chip-placement.js'

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
  const order = new Map(network.groups.map((group, index) => [group.name, index]))
  const placeOf = ({ group }: GroupSlice) => order.get(group) as number
  const ordered = cores.map(({ chip, core, slices }): PlacedCore => {
    const kept = slices.map(({ group, start, end }) => ({ group, start, end }))
    return { chip, core, slices: kept.sort((a, b) => placeOf(a) - placeOf(b) || a.start - b.start) }
  })
  return deepFreeze({ ...given, cores: ordered.sort((a, b) => a.chip - b.chip || a.core - b.core) })
}
