import { createWordHash } from '../numerics/word-hash.js'
import { requirePlacementShape } from './check-placement.js'
import type { Placement } from './placement.js'

/** A fingerprint of which core holds which neurons, and of the latencies between them: 128 bits as 32 hexadecimal digits. */
export function placementHash(placement: Placement): string {
  requirePlacementShape(placement)
  const { cores, latencies = [] } = placement
  const hash = createWordHash()
  hash.number(cores.length)
  for (const { slices } of cores) {
    hash.number(slices.length)
    for (const { group, start, end } of slices) {
      hash.text(group)
      hash.numbers([start, end])
    }
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

/** The two halves of each double. */
function wordsOf(numbers: readonly number[]): readonly number[] {
  return Array.from(new Uint32Array(Float64Array.from(numbers).buffer))
}
