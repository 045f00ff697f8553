import type { Network } from '../../network/description/network.js'
import type { PlacedCore } from '../placement.js'
import type { ChipProfile } from '../profile/chip-profile.js'
import type { CoreMeter, CoreNeed } from '../reach/core-meter.js'
import { axonsOut, usesOut } from './axons-out.js'
import type { ChipUse, CoreFit } from './chip-fit.js'
import { chipUses } from './chip-uses.js'
import { bitsPerSynapse, coreUses } from './core-limits.js'

/** What cores and chips need, and have. */
export interface UsedCores {
  readonly cores: readonly CoreFit[]
  readonly chips: readonly ChipUse[]
  /** Of each core. */
  readonly needs: readonly CoreNeed[]
}

export function usesOfCores(
  network: Network,
  chip: ChipProfile,
  placed: readonly PlacedCore[],
  meter: CoreMeter,
): UsedCores {
  const usesOf = coreUses(chip, bitsPerSynapse(chip).bits)
  const slicesOf = placed.map(({ slices }) => slices)
  const out = axonsOut(network, slicesOf, meter)
  const needs = slicesOf.map((slices) => {
    meter.hold(slices)
    return meter.need()
  })
  const cores = placed.map((core, k): CoreFit => {
    return { ...core, uses: [...usesOf(needs[k] as CoreNeed), ...usesOut(chip, out, core.slices)] }
  })
  return { cores, chips: chipUses(network, chip, placed, needs, meter), needs }
}
