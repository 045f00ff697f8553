import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/description/network.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { readNetwork } from '../../network/reading/read-network.js'
import type { ChipPlacement } from '../placement.js'
import { type ChipProfile, chipCount, coresPerChip } from '../profile/chip-profile.js'
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
  if (name !== profile.name)
    throw refusal('PLACEMENT_PROFILE', 'profile', describeValue(name), describeValue(profile.name))
  const { columns, rows } = chips
  if (columns !== profile.chips.columns || rows !== profile.chips.rows) {
    const found = `${columns} x ${rows} chips`
    throw refusal('PLACEMENT_PROFILE', 'chips', found, `${profile.chips.columns} x ${profile.chips.rows}`)
  }
  requirePlaces(profile, cores)
  requireCovering(
    network,
    cores.map(({ slices }) => slices),
    { nameOf: (k) => nameOfCore(cores[k] as ChipPlacement['cores'][number]), checkTwins: () => undefined },
  )
}

/** `core 3 of chip 0` */
export function nameOfCore({ chip, core }: { readonly chip: number; readonly core: number }): string {
  return `core ${core} of chip ${chip}`
}

function requirePlaces(profile: ChipProfile, cores: ChipPlacement['cores']): void {
  const [chips, perChip] = [chipCount(profile), coresPerChip(profile)]
  const dead = new Set(profile.deadCores.map(nameOfCore))
  const met = new Set<string>()
  cores.forEach(({ chip, core }, k) => {
    const field = `cores[${k}]`
    if (!isIndex(chip, chips))
      throw refusal('PLACEMENT_CORE_UNKNOWN', `${field}.chip`, describeValue(chip), `a chip from 0 to ${chips - 1}`)
    if (!isIndex(core, perChip))
      throw refusal('PLACEMENT_CORE_UNKNOWN', `${field}.core`, describeValue(core), `a core from 0 to ${perChip - 1}`)
    const name = nameOfCore({ chip, core })
    if (dead.has(name))
      throw refusal(
        'PLACEMENT_CORE_DEAD',
        field,
        `${name}, which is dead`,
        'a core that the profile does not call dead',
      )
    if (met.has(name)) throw refusal('PLACEMENT_CORE_TWICE', field, `${name} again`, 'every core once')
    met.add(name)
  })
}

function isIndex(value: number, count: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < count
}

function refusal(code: string, field: string, found: string, expected: string): InputError {
  return new InputError({ code, field, found, expected, remedy: PLACE_ANEW })
}
