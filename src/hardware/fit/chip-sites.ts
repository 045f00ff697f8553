import { type ChipProfile, chipCount, coresPerChip, type DeadCore } from '../profile/chip-profile.js'

/** Cores that can be used. */
export function availableCores(profile: ChipProfile): number {
  return coresPerChip(profile) * chipCount(profile) - profile.deadCores.length
}

/** The first so many cores that can be used, chip after chip; beyond the chips there are, as if there were more. */
export function firstSites(profile: ChipProfile, count: number): readonly DeadCore[] {
  const perChip = coresPerChip(profile)
  const dead = new Set(profile.deadCores.map(({ chip, core }) => chip * perChip + core))
  const sites: { chip: number; core: number }[] = []
  for (let site = 0; sites.length < count; site++)
    if (!dead.has(site)) sites.push({ chip: Math.floor(site / perChip), core: site % perChip })
  return sites
}
