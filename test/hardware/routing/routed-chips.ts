import fc from 'fast-check'
import type { DeadLink, Topology } from '../../../src/hardware/profile/chip-profile.js'
import type { Fabric } from '../../../src/hardware/routing/fabric.js'
import type { RoutedChips } from '../../../src/hardware/routing/layout.js'

interface Shape {
  readonly topology?: Topology
  readonly columns?: number
  readonly rows?: number
}

/** Chips whose cores are tiles in rows, routed xy, one packet per core, where nothing else is said. */
export function routedChips(
  chip: Shape & Partial<RoutedChips['chip']>,
  chips: Shape = {},
  others: Partial<RoutedChips['routing'] & Pick<RoutedChips, 'deadLinks'>> = {},
): RoutedChips {
  const { order = 'xy', multicast = false, deadLinks = [] } = others
  const single = { topology: 'mesh', columns: 1, rows: 1 } as const
  return {
    chip: { ...single, coresPerTile: 1, tileOrder: 'row-major', ...chip },
    chips: { ...single, ...chips },
    routing: { order, multicast },
    deadLinks,
  }
}

const topology = fc.constantFrom<Topology>('mesh', 'torus', 'hexagonalTorus', 'crossbar')
const side = fc.integer({ min: 1, max: 3 })
const grid = fc.record({ topology, columns: side, rows: side })

/** Small chips of every kind, joined in every way. */
export const anyChips: fc.Arbitrary<RoutedChips> = fc
  .record({
    chip: grid,
    chips: grid,
    coresPerTile: fc.constantFrom(1, 2),
    tileOrder: fc.constantFrom('column-major' as const, 'row-major' as const),
    order: fc.constantFrom('xy' as const, 'longestFirst' as const),
    multicast: fc.boolean(),
  })
  .map(({ chip, chips, coresPerTile, tileOrder, ...routing }) =>
    routedChips({ ...chip, coresPerTile, tileOrder }, chips, routing),
  )

/** The link of a router east or north, if there is one. */
export function deadTowards(fabric: Fabric, b: number): readonly DeadLink[] {
  const router = b % (fabric.columns * fabric.rows)
  const [x, y] = [router % fabric.columns, Math.floor(router / fabric.columns)]
  const ways = [
    { towards: 'east', isInside: x + 1 < fabric.columns, to: router + 1 },
    { towards: 'north', isInside: y + 1 < fabric.rows, to: router + fabric.columns },
  ] as const
  return ways.flatMap(({ towards, isInside, to }) => {
    return isInside && fabric.neighbours(router).some((link) => link.to === to) ? [{ x, y, towards }] : []
  })
}
