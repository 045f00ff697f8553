import type { GroupSlice } from '../network/slices/group-slice.js'
import { createWordHash, type WordHash } from '../numerics/word-hash.js'
import { requirePlacementShape } from './check-placement.js'
import { readChipPlacement } from './chip-placement/read-chip-placement.js'
import type { ChipPlacement, Placement } from './placement.js'
import type { ChipProfile } from './profile/chip-profile.js'

/** A fingerprint of which core holds which neurons, and of the latencies between them: 128 bits as 32 hexadecimal digits. */
export function placementHash(placement: Placement): string {
  requirePlacementShape(placement)
  const { cores, latencies = [] } = placement
  const hash = createWordHash()
  hash.number(cores.length)
  for (const { slices } of cores) {
    hash.number(slices.length)
    hashSlices(hash, slices)
  }
  for (const row of latencies) hash.numbers(wordsOf(row))
  return hash.digest()
}

/** What results depend on beside the network: where everything is, if that makes a difference. */
export interface PlacementIdentity {
  /** Fingerprint of a placement with latencies. */
  readonly chipPlacement?: string
}

export function placementIdentity(placement: Placement): PlacementIdentity {
  return placement.latencies === undefined ? {} : { chipPlacement: placementHash(placement) }
}

/** A fingerprint of which core of which chip holds which units: 128 bits as 32 hexadecimal digits. */
export function chipPlacementHash(placement: ChipPlacement): string {
  const { profile, chips, cores } = readChipPlacement(placement)
  const hash = createWordHash()
  hash.text(profile)
  hash.numbers([chips.columns, chips.rows, cores.length])
  for (const { chip, core, slices } of cores) {
    hash.numbers([chip, core, slices.length])
    hashSlices(hash, slices)
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

function hashSlices(hash: WordHash, slices: readonly GroupSlice[]): void {
  for (const { group, start, end } of slices) {
    hash.text(group)
    hash.numbers([start, end])
  }
}

/** The two halves of each double. */
function wordsOf(numbers: readonly number[]): readonly number[] {
  return Array.from(new Uint32Array(Float64Array.from(numbers).buffer))
}
