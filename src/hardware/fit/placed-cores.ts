import type { Network } from '../../network/description/network.js'
import { recordOf } from '../../network/reading/read-fields.js'
import { listOf, readList } from '../../network/reading/read-list.js'
import { integerFrom } from '../../network/reading/read-number.js'
import { type Reader, readRecord, readString } from '../../network/reading/read-value.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import type { PlacedCore } from '../placement.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import { createSliceTable } from '../require-slices.js'
import { createSiteCheck, nameOfCore } from './chip-sites.js'

const readSlice = recordOf<GroupSlice>({ group: readString, start: integerFrom(0), end: integerFrom(1) })
const readCore = recordOf<PlacedCore>({ chip: integerFrom(0), core: integerFrom(0), slices: listOf(readSlice) })

/** The cores of a placement, whatever else it says. */
export const readPlacedCores: Reader<readonly PlacedCore[]> = (value, field) => {
  const place = `${field}.cores`
  return readList(readRecord(value, field).cores, place).map((entry, k) => {
    const { chip, core, slices } = readRecord(entry, `${place}[${k}]`)
    return readCore({ chip, core, slices }, `${place}[${k}]`)
  })
}

/**
 * Refuses cores that the chips do not have, that are dead, or that are named twice, and slices that the network does not have.
 *
 * Raises `InputError` PLACEMENT_CORE_UNKNOWN, PLACEMENT_GROUP_UNKNOWN, PLACEMENT_SLICE_INVALID, PLACEMENT_OVERLAP.
 */
export function requirePlacedCores(
  network: Network,
  profile: ChipProfile,
  cores: readonly PlacedCore[],
): readonly PlacedCore[] {
  const list = 'options.placement.cores'
  const unknown = 'PLACEMENT_CORE_UNKNOWN'
  const requireSite = createSiteCheck(profile, list, { dead: unknown, twice: unknown })
  const table = createSliceTable(network)
  cores.forEach((placed, k) => {
    requireSite(placed, k)
    placed.slices.forEach((slice, s) => {
      table.add({ ...slice, core: k, field: `${list}[${k}].slices[${s}]` })
    })
  })
  table.requireOnce((k) => nameOfCore(cores[k] as PlacedCore), 'at most one core')
  return cores
}
