import fc from 'fast-check'
import { expect, it } from 'vitest'
import { candidateCount, candidatePlaces } from '../../../src/hardware/chip-placement/sites.js'
import type { ChipProfile } from '../../../src/hardware/profile/chip-profile.js'
import { meshProfile } from '../../../src/hardware/profile/mesh-profile.js'
import { withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { tileOf } from '../../../src/hardware/routing/layout.js'

/** Some chips of 3 x 4 tiles with two cores each, some of them dead. */
const chips = fc
  .record({
    count: fc.integer({ min: 1, max: 3 }),
    order: fc.constantFrom('row-major' as const, 'column-major' as const),
    dead: fc.uniqueArray(fc.nat(71), { maxLength: 30 }),
  })
  .map(({ count, order, dead }): ChipProfile => {
    const profile = withChips(meshProfile({ columns: 3, rows: 4, neuronsPerCore: 32 }), { columns: count, rows: 1 })
    const deadCores = dead
      .map((site) => ({ chip: Math.floor(site / 24), core: site % 24 }))
      .filter(({ chip }) => chip < count)
    return defineChipProfile({ ...profile, chip: { ...profile.chip, coresPerTile: 2, tileOrder: order }, deadCores })
  })

function livingCores({ chips: { columns }, deadCores }: ChipProfile) {
  return Array.from({ length: 24 * columns }, (_, site) => ({ chip: Math.floor(site / 24), core: site % 24 })).filter(
    ({ chip, core }) => !deadCores.some((dead) => dead.chip === chip && dead.core === core),
  )
}

it('cores are looked for on the first chips that hold as many, of a single chip in its corner, and never on dead ones', () => {
  fc.assert(
    fc.property(chips, fc.nat(), (profile, pick) => {
      const living = livingCores(profile)
      const count = 1 + (pick % living.length)
      const found = candidatePlaces(profile, count)
      expect(found).toHaveLength(candidateCount(profile, count))
      const needed = living[count - 1]!.chip
      const first = living.filter(({ chip }) => chip === 0)
      const sideOf = ({ core }: { core: number }) => Math.max(tileOf(profile, core).x, tileOf(profile, core).y)
      const side = [0, 1, 2, 3].find((most) => {
        return first.filter((place) => sideOf(place) <= most).length >= Math.min(2 * count, first.length)
      })!
      expect(found).toEqual(
        needed > 0 ? living.filter(({ chip }) => chip <= needed) : first.filter((place) => sideOf(place) <= side),
      )
    }),
    { numRuns: 200, seed: 17 },
  )
})
