import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/description/network.js'
import { recordOf } from '../../network/reading/read-fields.js'
import { listOf, readList } from '../../network/reading/read-list.js'
import { integerFrom } from '../../network/reading/read-number.js'
import { type Reader, readRecord, readString } from '../../network/reading/read-value.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import type { PlacedCore } from '../placement.js'
import { type ChipProfile, chipCount, coresPerChip } from '../profile/chip-profile.js'
import { describeSlice } from '../slices.js'
import { deadSites } from './chip-sites.js'

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
  { groups }: Network,
  profile: ChipProfile,
  cores: readonly PlacedCore[],
): readonly PlacedCore[] {
  const sizes = new Map(groups.map(({ name, size }) => [name, size]))
  const [perChip, count] = [coresPerChip(profile), chipCount(profile)]
  const taken = new Set(deadSites(profile))
  const held = new Map<string, GroupSlice[]>(groups.map(({ name }) => [name, []]))
  cores.forEach(({ chip, core, slices }, k) => {
    const place = `options.placement.cores[${k}]`
    const site = chip * perChip + core
    if (chip >= count || core >= perChip || taken.has(site)) {
      const expected = `a core of ${count} x ${perChip} that is neither dead nor named before`
      throw refusal('PLACEMENT_CORE_UNKNOWN', place, `core ${core} of chip ${chip}`, expected)
    }
    taken.add(site)
    slices.forEach((slice, s) => {
      const field = `${place}.slices[${s}]`
      const size = sizes.get(slice.group)
      if (size === undefined)
        throw refusal(
          'PLACEMENT_GROUP_UNKNOWN',
          field,
          describeSlice(slice),
          `a slice of ${[...sizes.keys()].join(', ')}`,
        )
      if (slice.start >= slice.end || slice.end > size) {
        const expected = `a slice with 0 <= start < end <= ${size}`
        throw refusal('PLACEMENT_SLICE_INVALID', field, describeSlice(slice), expected)
      }
      held.get(slice.group)?.push(slice)
    })
  })
  for (const slices of held.values()) refuseOverlap(slices)
  return cores
}

function refuseOverlap(slices: readonly GroupSlice[]): void {
  const ordered = [...slices].sort((a, b) => a.start - b.start)
  ordered.forEach((slice, k) => {
    const before = ordered[k - 1]
    if (before === undefined || slice.start >= before.end) return
    const found = `${describeSlice(before)} and ${describeSlice(slice)}`
    throw refusal('PLACEMENT_OVERLAP', slice.group, found, 'every unit on one core at most')
  })
}

function refusal(code: string, field: string, found: string, expected: string): InputError {
  return new InputError({ code, field, found, expected })
}
