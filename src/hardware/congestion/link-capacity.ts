import type { ChipProfile } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'

/** What there is a capacity of: a link, or all links of a chip to others. */
export type Passage = 'betweenTiles' | 'betweenChips' | 'allOfChip'

const FIELDS = {
  betweenTiles: ['tilePacketsPerSecond', 'tileBitsPerSecond'],
  betweenChips: ['chipPacketsPerSecond', 'chipBitsPerSecond'],
  allOfChip: ['allPacketsPerSecond', 'allBitsPerSecond'],
} as const

/** The packets of spikes that pass in a window of model time, ms; null: unknown. */
export function capacityIn(window: number, { links, formats, time }: ChipProfile, passage: Passage): number | null {
  const [packets, bits] = FIELDS[passage]
  const [speedup, packetBits] = [figureValue(time.speedup), figureValue(formats.packetBits)]
  const bitRate = figureValue(links[bits])
  const rates = [figureValue(links[packets]), bitRate === null || packetBits === null ? null : bitRate / packetBits]
  const known = rates.filter((rate) => rate !== null)
  return known.length === 0 || speedup === null ? null : (Math.min(...known) * window) / 1000 / speedup
}

/** The field that is named where a capacity is unknown. */
export function capacityField(passage: Passage): string {
  return `links.${FIELDS[passage][0]}`
}
