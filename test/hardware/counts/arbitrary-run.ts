import fc from 'fast-check'
import { defineChipPlacement } from '../../../src/hardware/chip-placement/define-chip-placement.js'
import type { ChipPlacement } from '../../../src/hardware/placement.js'
import { type ChipProfile, chipCount, coresPerChip } from '../../../src/hardware/profile/chip-profile.js'
import { chipProfile, withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import type { Tally } from '../../../src/hardware/tally/tally.js'
import type { Network } from '../../../src/network/description/network.js'
import type { GroupSlice } from '../../../src/network/slices/group-slice.js'
import { connectedNetwork } from '../fit/arbitrary-connected.js'

/** Meshes of tiles, numbered either way, with and without copies of packets; several chips; payloads. */
export const PROFILES: readonly ChipProfile[] = [
  chipProfile('loihi-silicon'),
  withChips(chipProfile('loihi'), { columns: 2, rows: 2 }),
  withChips(chipProfile('spinnaker2'), { columns: 2, rows: 1 }),
  withChips(chipProfile('truenorth'), { columns: 1, rows: 2 }),
]

export interface ArbitraryRun {
  readonly network: Network
  readonly profile: ChipProfile
  readonly placement: ChipPlacement
  readonly tally: Tally
}

const counts = (size: number, most: number) => fc.array(fc.nat(most), { minLength: size, maxLength: size })

/** Networks joined in every way there is, their blocks anywhere, also several of one group on a core. */
export const arbitraryRun: fc.Arbitrary<ArbitraryRun> = fc
  .tuple(connectedNetwork, fc.constantFrom(...PROFILES), fc.integer({ min: 1, max: 40 }))
  .chain(([network, profile, steps]) => {
    const perGroup = network.groups.map(({ name, size, kind }) =>
      fc.record({
        name: fc.constant(name),
        kind: fc.constant(kind),
        spikes: counts(size, 2),
        active: counts(size, steps),
      }),
    )
    return fc
      .record({ placement: placements(network, profile), groups: fc.tuple(...perGroup) })
      .map(({ placement, groups }) => ({
        ...{ network, profile, placement },
        tally: {
          ...{ trials: 2, steps },
          spikes: Object.fromEntries(groups.map(({ name, spikes }) => [name, spikes])),
          activeSteps: Object.fromEntries(
            groups.flatMap(({ name, kind, active }) => (kind === 'source' ? [] : [[name, active]])),
          ),
        },
      }))
  })

function placements(network: Network, profile: ChipProfile): fc.Arbitrary<ChipPlacement> {
  const blocks = network.groups.flatMap(({ name: group, size }) =>
    Array.from({ length: Math.ceil(size / 32) }, (_, b): GroupSlice => {
      return { group, start: 32 * b, end: Math.min(size, 32 * b + 32) }
    }),
  )
  const [perChip, chips] = [coresPerChip(profile), chipCount(profile)]
  const site = fc.record({ chip: fc.nat(chips - 1), core: fc.oneof(fc.nat(5), fc.nat(perChip - 1)) })
  return fc.array(site, { minLength: 5, maxLength: 5 }).chain((sites) =>
    fc.array(fc.constantFrom(...sites), { minLength: blocks.length, maxLength: blocks.length }).map((places) => {
      const cores = new Map<string, { readonly chip: number; readonly core: number; readonly slices: GroupSlice[] }>()
      blocks.forEach((block, k) => {
        const { chip, core } = places[k]!
        const key = `${chip} ${core}`
        const held = cores.get(key) ?? { chip, core, slices: [] }
        held.slices.push(block)
        cores.set(key, held)
      })
      return defineChipPlacement(network, profile, [...cores.values()])
    }),
  )
}
