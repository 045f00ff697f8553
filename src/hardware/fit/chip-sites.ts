import { type ChipProfile, chipCount, coresPerChip, type DeadCore } from '../profile/chip-profile.js'

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
export function firstSites(profile: ChipProfile, count: number): readonly DeadCore[] {
  const perChip = coresPerChip(profile)
  const dead = deadSites(profile)
  const sites: { chip: number; core: number }[] = []
  for (let site = 0; sites.length < count; site++)
    if (!dead.has(site)) sites.push({ chip: Math.floor(site / perChip), core: site % perChip })
  return sites
}
