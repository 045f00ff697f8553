import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countHops, hopLength } from '../../../src/hardware/routing/hops.js'
import type { RoutedChips } from '../../../src/hardware/routing/layout.js'
import type { Link } from '../../../src/hardware/routing/link.js'
import { createRoutes } from '../../../src/hardware/routing/routes.js'
import { mistakeOf } from '../../network/mistake-of.js'
import { casesOf } from '../../support/cases-of.js'
import { anyChips, deadTowards, routedChips } from './routed-chips.js'

const loihi = { columns: 8, rows: 4, coresPerTile: 4, tileOrder: 'column-major' } as const
const NONE = { east: 0, west: 0, north: 0, south: 0, diagonal: 0, chip: 0 }
const at = (core: number, chip = 0) => ({ chip, core })
const isWay = (links: readonly Link[]) => links.every(({ from }, k) => k === 0 || from === links[k - 1]?.to)

const chipCount = ({ chips }: RoutedChips) => chips.columns * chips.rows
const coresPerChip = ({ chip }: RoutedChips) => chip.columns * chip.rows * chip.coresPerTile

describe('routes on one chip', () => {
  const { route, levelBetween } = createRoutes(routedChips(loihi))

  it('count tiles along columns where the chip does', () => {
    // Core 21 is in tile 5, column 1 of row 1; core 59 in tile 14, column 3 of row 2.
    expect(countHops(route(at(0), at(21)))).toEqual({ ...NONE, east: 1, north: 1 })
    expect(countHops(route(at(21), at(59)))).toEqual({ ...NONE, east: 2, north: 1 })
    expect(countHops(route(at(59), at(1)))).toEqual({ ...NONE, west: 3, south: 2 })
  })

  it('have no links within a tile', () => {
    expect(route(at(8), at(11))).toEqual([])
    expect([at(8), at(11), at(12), at(8, 1)].map((to) => levelBetween(at(8), to))).toEqual([
      'inCore',
      'inTile',
      'betweenTiles',
      'betweenChips',
    ])
  })
})

describe('routes over several chips', () => {
  it('go on in one mesh, whose links across a border count as those of chips', () => {
    const { route } = createRoutes(routedChips({ columns: 3, rows: 3 }, { columns: 2, rows: 2 }))
    // From (0, 0) to (4, 5) of the 6 x 6 tiles: the borders lie between 2 and 3.
    expect(countHops(route(at(0), at(7, 3)))).toEqual({ ...NONE, east: 3, north: 4, chip: 2 })
  })

  it('are those of chips alone where a chip is a crossbar', () => {
    const chips = { topology: 'hexagonalTorus', columns: 12, rows: 12 } as const
    const board = routedChips({ topology: 'crossbar', columns: 18 }, chips, { order: 'longestFirst', multicast: true })
    const { route, tree } = createRoutes(board)
    expect(route(at(0), at(17))).toEqual([])
    expect(countHops(route(at(3), at(0, 7 * 12 + 5)))).toEqual({ ...NONE, chip: 7 })
    const everywhere = Array.from({ length: 144 }, (_, chip) => at(2, chip))
    const links = tree(at(0), everywhere)
    expect(links).toHaveLength(143)
    expect(new Set(links.map(({ to }) => to)).size).toBe(143)
  })

  it('go by the tiles (0, 0) where the links of chips do not continue those of tiles', () => {
    const chips = { topology: 'crossbar', columns: 4 } as const
    const { route } = createRoutes(routedChips({ columns: 3, rows: 2 }, chips))
    expect(countHops(route(at(5), at(4, 3)))).toEqual({ east: 1, west: 2, north: 1, south: 1, diagonal: 0, chip: 1 })
  })

  it('of one source are a tree, whatever joins them, dead links or not', () => {
    fc.assert(
      fc.property(anyChips, fc.nat(), fc.nat(), (chips, a, b) => {
        const count = chipCount(chips) * coresPerChip(chips)
        const place = (k: number) => at(k % coresPerChip(chips), Math.floor(k / coresPerChip(chips)) % chipCount(chips))
        const source = place(a % count)
        const every = Array.from({ length: count }, (_, k) => place(k))
        const routes = createRoutes(chips)
        const dead = deadTowards(routes.fabric, b)
        const around = createRoutes({ ...chips, routing: { ...chips.routing, multicast: true }, deadLinks: dead })
        for (const { route, tree } of [routes, around]) {
          const reached = every.filter((to) => isReached(() => route(source, to)))
          const astray = reached.filter((to) => {
            const links = route(source, to)
            return !isWay(links) || route(to, source).length !== links.length
          })
          expect(astray).toEqual([])
          const links = tree(source, reached)
          expect(new Set(links.map(({ to }) => to)).size).toBe(links.length)
          expect(links.some(({ to }) => to === routes.fabric.routerOf(source))).toBe(false)
        }
      }),
      { numRuns: casesOf({ short: 10, long: 30 }), seed: 71 },
    )
  })
})

function isReached(call: () => unknown): boolean {
  try {
    call()
    return true
  } catch {
    return false
  }
}

it('hops are reckoned as the route has them, as many back', () => {
  fc.assert(
    fc.property(anyChips, fc.nat(), (chips, a) => {
      const { fabric } = createRoutes(chips)
      const routers = fabric.columns * fabric.rows
      const from = a % routers
      for (let to = 0; to < routers; to++) {
        const links = fabric.route(from, to)
        expect({ to, ...fabric.hops(from, to) }).toEqual({ to, ...countHops(links) })
        expect(hopLength(fabric.hops(to, from), 1)).toBe(links.length)
      }
    }),
    { numRuns: casesOf({ short: 33, long: 100 }), seed: 72 },
  )
})

describe('a dead link', () => {
  const dead = { x: 1, y: 0, towards: 'east' } as const
  const mesh = { columns: 4, rows: 3 }

  it('refuses the routes over it where they are fixed, by its name', () => {
    const { route } = createRoutes(routedChips(mesh, {}, { deadLinks: [dead] }))
    expect(mistakeOf(() => route(at(0), at(3)))).toEqual({ code: 'ROUTE_DEAD_LINK', field: 'deadLinks' })
    expect(() => route(at(3), at(0))).toThrow('the dead link (2, 0) to (1, 0) on the route (3, 0) to (0, 0)')
    expect(route(at(0), at(5))).toHaveLength(2)
    expect(route(at(4), at(7))).toHaveLength(3)
  })

  it('is gone around by the shortest way where routers have tables', () => {
    const { route } = createRoutes(routedChips(mesh, {}, { deadLinks: [dead], multicast: true }))
    expect(countHops(route(at(0), at(3)))).toEqual({ ...NONE, east: 3, north: 1, south: 1 })
    expect(route(at(3), at(0))).toHaveLength(5)
    expect(route(at(4), at(7))).toHaveLength(3)
  })

  it('leaves no way where it was the only one', () => {
    const { route } = createRoutes(routedChips({ columns: 4 }, {}, { deadLinks: [dead], multicast: true }))
    expect(mistakeOf(() => route(at(0), at(2)))).toEqual({ code: 'ROUTE_NONE', field: 'deadLinks' })
    expect(route(at(2), at(3))).toHaveLength(1)
  })

  it.each([
    { x: 3, y: 0, towards: 'east' as const },
    { x: 0, y: 2, towards: 'north' as const },
    { x: 0, y: 0, towards: 'northeast' as const },
    { x: 4, y: 0, towards: 'north' as const },
  ])('that the chip does not have, %o, is refused', (link) => {
    const call = () => createRoutes(routedChips(mesh, {}, { deadLinks: [dead, link] }))
    expect(mistakeOf(call)).toEqual({ code: 'DEAD_LINK_UNKNOWN', field: 'deadLinks[1]' })
  })
})
