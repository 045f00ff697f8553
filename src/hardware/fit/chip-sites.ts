import { InputError } from '../../events/errors.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { PLACE_ANEW } from '../chip-placement/remedies.js'
import { type ChipProfile, chipCount, coresPerChip } from '../profile/chip-profile.js'
import type { CorePlace } from '../routing/layout.js'

/** Cores that can be used. */
export function availableCores(profile: ChipProfile): number {
  return coresPerChip(profile) * chipCount(profile) - profile.deadCores.length
}

/** Number of chips with `cores` usable cores, and an array of them, no narrower or lower than that of the profile. */
export function chipsFor(
  profile: ChipProfile,
  cores: number,
): { readonly count: number; readonly columns: number; readonly rows: number } {
  const count = Math.ceil((cores + profile.deadCores.length) / coresPerChip(profile))
  const columns = Math.max(profile.chips.columns, Math.ceil(Math.sqrt(count)))
  return { count, columns, rows: Math.max(profile.chips.rows, Math.ceil(count / columns)) }
}

/** Cores that cannot be used, counted chip after chip. */
export function deadSites(profile: ChipProfile): ReadonlySet<number> {
  const perChip = coresPerChip(profile)
  return new Set(profile.deadCores.map(({ chip, core }) => chip * perChip + core))
}

/** The first `count` usable cores, chip after chip; beyond the chips of the profile, as if there were more. */
export function firstSites(profile: ChipProfile, count: number): readonly CorePlace[] {
  const perChip = coresPerChip(profile)
  const dead = deadSites(profile)
  const sites: { chip: number; core: number }[] = []
  for (let site = 0; sites.length < count; site++)
    if (!dead.has(site)) sites.push({ chip: Math.floor(site / perChip), core: site % perChip })
  return sites
}

/** `core 3 of chip 0` */
export function nameOfCore({ chip, core }: CorePlace): string {
  return `core ${core} of chip ${chip}`
}

/**
 * Gives the function that refuses placed cores, one after the other, that there are not, PLACEMENT_CORE_UNKNOWN, that are
 * dead, or that were met before.
 *
 * @param list the name of the list of cores
 */
export function createSiteCheck(
  profile: ChipProfile,
  list: string,
  codes: Readonly<Record<'dead' | 'twice', string>>,
): (site: CorePlace, index: number) => void {
  const [chips, perChip, dead] = [chipCount(profile), coresPerChip(profile), deadSites(profile)]
  const met = new Set<number>()
  return ({ chip, core }, index) => {
    const [field, name, site] = [`${list}[${index}]`, nameOfCore({ chip, core }), chip * perChip + core]
    requireIndex(chip, chips, 'chip', field)
    requireIndex(core, perChip, 'core', field)
    if (dead.has(site))
      throw refusal(codes.dead, field, `${name}, which is dead`, 'a core that the profile does not call dead')
    if (met.has(site)) throw refusal(codes.twice, field, `${name} again`, 'every core once')
    met.add(site)
  }
}

function requireIndex(value: number, count: number, what: keyof CorePlace, field: string): void {
  if (Number.isInteger(value) && value >= 0 && value < count) return
  const expected = `a ${what} from 0 to ${count - 1}`
  throw refusal('PLACEMENT_CORE_UNKNOWN', `${field}.${what}`, describeValue(value), expected)
}

function refusal(code: string, field: string, found: string, expected: string): InputError {
  return new InputError({ code, field, found, expected, remedy: PLACE_ANEW })
}
