import { createWordHash } from '../../numerics/word-hash.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import type { ChipPlacement } from './chip-placement.js'
import { readChipPlacement } from './read-chip-placement.js'

/** A fingerprint of which core of which chip holds which units: 128 bits as 32 hexadecimal digits. */
export function chipPlacementHash(placement: ChipPlacement): string {
  const { profile, chips, cores } = readChipPlacement(placement)
  const hash = createWordHash()
  hash.text(profile)
  hash.numbers([chips.columns, chips.rows, cores.length])
  for (const { chip, core, slices } of cores) {
    hash.numbers([chip, core, slices.length])
    for (const { group, start, end } of slices) {
      hash.text(group)
      hash.numbers([start, end])
    }
  }
  return hash.digest()
}

/**
 * A fingerprint of what a placement says by the numbers of cores: the name of the profile, how its cores are numbered and
 * joined, and which are dead; but no figures. 128 bits as 32 hexadecimal digits.
 */
export function chipLayoutHash({ name, chip, chips, routing, deadCores, deadLinks }: ChipProfile): string {
  const hash = createWordHash()
  for (const word of [name, chip.topology, chip.tileOrder, chips.topology, routing.order, String(routing.multicast)])
    hash.text(word)
  hash.numbers([chip.columns, chip.rows, chip.coresPerTile, chips.columns, chips.rows])
  hash.numbers(deadCores.flatMap(({ chip, core }) => [chip, core]))
  for (const { x, y, towards } of deadLinks) {
    hash.text(towards)
    hash.numbers([x, y])
  }
  return hash.digest()
}
