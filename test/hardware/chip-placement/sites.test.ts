import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  candidateCount,
  candidatePlaces,
  measureSites,
  OUT_OF_REACH,
  sitesOfChips,
} from '../../../src/hardware/chip-placement/sites.js'
import type { ChipProfile } from '../../../src/hardware/profile/chip-profile.js'
import { meshProfile } from '../../../src/hardware/profile/mesh-profile.js'
import { withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { countHops, hopLength } from '../../../src/hardware/routing/hops.js'
import { type CorePlace, type RoutedChips, tileOf } from '../../../src/hardware/routing/layout.js'
import { createRoutes } from '../../../src/hardware/routing/routes.js'
import { casesOf } from '../../support/cases-of.js'
import { anyChips, deadTowards, routedChips } from '../routing/routed-chips.js'

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
    { numRuns: casesOf({ short: 67, long: 200 }), seed: 17 },
  )
})

const CROSSING = 7

function everyCore({ chip, chips }: RoutedChips): readonly CorePlace[] {
  const perChip = chip.columns * chip.rows * chip.coresPerTile
  return Array.from({ length: perChip * chips.columns * chips.rows }, (_, k) => {
    return { chip: Math.floor(k / perChip), core: k % perChip }
  })
}

/** Some of the cores, in any order. */
const withCores = anyChips.chain((chips) =>
  fc.shuffledSubarray([...everyCore(chips)]).map((places) => ({ chips, places: places.slice(0, 7) })),
)

it('beside a dead link cores are as far from each other as the longer way, there or back, and out of reach without one', () => {
  let uneven = 0
  fc.assert(
    fc.property(withCores, fc.nat(), ({ chips, places }, at) => {
      const deadLinks = deadTowards(createRoutes(chips).fabric, at)
      fc.pre(deadLinks.length > 0)
      const { fabric, links } = createRoutes({ ...chips, deadLinks })
      const lengthOf = (from: CorePlace, to: CorePlace) => {
        const way = links(fabric.routerOf(from), fabric.routerOf(to))
        return way === null ? OUT_OF_REACH : hopLength(countHops(way), CROSSING)
      }
      const { router, routers, distance } = measureSites({ ...chips, deadLinks }, places, CROSSING)
      const measured = places.map((_, a) => places.map((_, b) => distance[router[a]! * routers + router[b]!]))
      const longer = places.map((a) => places.map((b) => Math.max(lengthOf(a, b), lengthOf(b, a))))
      expect(measured).toEqual(longer)
      uneven += longer.flatMap((row, a) => row.filter((far, b) => lengthOf(places[a]!, places[b]!) < far)).length
    }),
    { numRuns: casesOf({ short: 27, long: 80 }), seed: 18 },
  )
  expect(uneven).toBeGreaterThan(casesOf({ short: 3, long: 10 }))
})

it('where both ways round a ring of chips are as long, that across more borders counts', () => {
  const ring = routedChips({ columns: 2, rows: 2 }, { topology: 'torus', columns: 3 })
  const places = [
    { chip: 0, core: 0 },
    { chip: 1, core: 2 },
    { chip: 1, core: 3 },
  ]
  const { router, routers, distance } = measureSites(ring, places, CROSSING)
  const farFrom = (a: number) => places.map((_, b) => distance[router[a]! * routers + router[b]!])
  const { fabric } = createRoutes(ring)
  const lengthOf = (a: number, b: number) => {
    const [from, to] = [a, b].map((k) => fabric.routerOf(places[k]!))
    return hopLength(countHops(fabric.route(from!, to!)), CROSSING)
  }
  const longer = places.map((_, a) => places.map((_, b) => Math.max(lengthOf(a, b), lengthOf(b, a))))
  expect(places.map((_, a) => farFrom(a))).toEqual(longer)
  expect(lengthOf(0, 2)).not.toBe(lengthOf(2, 0))
})

it('chips are as far from each other as the nearest two of their cores', () => {
  fc.assert(
    fc.property(anyChips, (chips) => {
      const places = everyCore(chips)
      const sites = measureSites(chips, places, CROSSING)
      const far = (a: number, b: number) => sites.distance[sites.router[a]! * sites.routers + sites.router[b]!]!
      const nearest = new Map<string, number>()
      places.forEach(({ chip: one }, a) => {
        places.forEach(({ chip: other }, b) => {
          const pair = `${one} ${other}`
          nearest.set(pair, Math.min(nearest.get(pair) ?? Infinity, far(a, b)))
        })
      })
      const { router, routers, distance, places: same } = sitesOfChips(sites)
      expect(same).toEqual(places)
      expect(routers).toBe(chips.chips.columns * chips.chips.rows)
      const found = places.flatMap(({ chip: one }, a) =>
        places.map(({ chip: other }, b) => [`${one} ${other}`, distance[router[a]! * routers + router[b]!]] as const),
      )
      expect(new Map(found)).toEqual(nearest)
    }),
    { numRuns: 20, seed: 19 },
  )
})
