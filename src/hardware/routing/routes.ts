import { InputError } from '../../events/errors.js'
import type { DeadLink } from '../profile/chip-profile.js'
import { createFabric, type Fabric } from './fabric.js'
import type { Position } from './grid.js'
import { countHops, type HopCounts } from './hops.js'
import { type CorePlace, type Level, levelBetween, type RoutedChips } from './layout.js'
import type { Link } from './link.js'

/** The ways of packets over one layout. */
export interface Routes {
  readonly fabric: Fabric
  /** The links between two routers; null where no way leads there. */
  links(from: number, to: number): readonly Link[] | null
  levelBetween(from: CorePlace, to: CorePlace): Level
  /** The links of a packet from core to core, in their order; none within a tile or a crossbar. */
  route(from: CorePlace, to: CorePlace): readonly Link[]
  /** How many links there are from router to router. */
  hops(from: number, to: number): HopCounts
  /**
   * The links of one packet that is copied on its way: the union of its routes, each link once, in the order in which
   * they are met. Every router is entered by one of them at most.
   */
  tree(from: CorePlace, targets: Iterable<CorePlace>): readonly Link[]
}

/**
 * The routes over a layout; see `gridSteps` for the order of links and the ties, `createFabric` for what joins chips.
 *
 * Dead links: routers of multicast chips have tables, so there every route from a router leads along the tree of breadth
 * first search from it, links in the order east, west, north, south, diagonal, between chips; on other chips a route over a
 * dead link is refused. A router works even if its cores are dead.
 *
 * Raises `InputError`: `DEAD_LINK_UNKNOWN` for one that the layout does not have; `route` and `tree` raise
 * `ROUTE_DEAD_LINK` for a route over one, `ROUTE_NONE` where no way is left.
 */
export function createRoutes(layout: RoutedChips): Routes {
  const fabric = createFabric(layout)
  const routerCount = fabric.columns * fabric.rows
  const dead = deadLinksOf(layout.deadLinks, fabric)
  const isDead = ({ from, to }: Link) => dead.has(from * routerCount + to)
  const treesFrom = new Map<number, ReadonlyMap<number, Link>>()

  function treeFrom(router: number): ReadonlyMap<number, Link> {
    const known = treesFrom.get(router) ?? breadthFirst(fabric, router, isDead)
    treesFrom.set(router, known)
    return known
  }

  function around(from: number, to: number): readonly Link[] | null {
    const entered = treeFrom(from)
    const links: Link[] = []
    for (let at = to; at !== from; ) {
      const link = entered.get(at)
      if (link === undefined) return null
      links.push(link)
      at = link.from
    }
    return links.reverse()
  }

  function links(from: number, to: number): readonly Link[] | null {
    if (dead.size > 0 && layout.routing.multicast) return around(from, to)
    const direct = fabric.route(from, to)
    return dead.size > 0 && direct.some(isDead) ? null : direct
  }

  function between(from: number, to: number): readonly Link[] {
    const found = links(from, to)
    if (found !== null) return found
    const broken = fabric.route(from, to).find(isDead)
    throw layout.routing.multicast || broken === undefined
      ? noRoute(fabric, from, to)
      : deadRoute(fabric, from, to, broken)
  }

  return Object.freeze({
    fabric,
    links,
    levelBetween: (from: CorePlace, to: CorePlace) => levelBetween(layout, from, to),
    route: (from: CorePlace, to: CorePlace) => between(fabric.routerOf(from), fabric.routerOf(to)),
    hops: (from: number, to: number) => (dead.size === 0 ? fabric.hops(from, to) : countHops(between(from, to))),
    tree: (from: CorePlace, targets: Iterable<CorePlace>) => {
      const source = fabric.routerOf(from)
      const links = new Map<number, Link>()
      for (const target of targets) {
        for (const link of between(source, fabric.routerOf(target))) {
          const key = link.from * routerCount + link.to
          if (!links.has(key)) links.set(key, link)
        }
      }
      return [...links.values()]
    },
  })
}

/** Raises `InputError` DEAD_LINK_UNKNOWN for a dead link that the layout does not have. */
export function requireLinks(layout: RoutedChips): void {
  deadLinksOf(layout.deadLinks, createFabric(layout))
}

/** The link by which breadth first search enters each router. */
function breadthFirst(fabric: Fabric, from: number, isDead: (link: Link) => boolean): ReadonlyMap<number, Link> {
  const entered = new Map<number, Link>()
  const reached = [from]
  for (const router of reached) {
    for (const link of fabric.neighbours(router)) {
      if (link.to === from || entered.has(link.to) || isDead(link)) continue
      entered.set(link.to, link)
      reached.push(link.to)
    }
  }
  return entered
}

const TOWARDS = { east: [1, 0], north: [0, 1], northeast: [1, 1] } as const

/** Dead links as from · routers + to, both ways. */
function deadLinksOf(links: readonly DeadLink[], fabric: Fabric): ReadonlySet<number> {
  const { columns, rows } = fabric
  return new Set(
    links.flatMap(({ x, y, towards }, k) => {
      const [dx, dy] = TOWARDS[towards]
      const from = y * columns + x
      const to = ((y + dy) % rows) * columns + ((x + dx) % columns)
      if (isIndex(x, columns) && isIndex(y, rows) && fabric.neighbours(from).some((link) => link.to === to))
        return [from * columns * rows + to, to * columns * rows + from]
      throw new InputError({
        code: 'DEAD_LINK_UNKNOWN',
        field: `deadLinks[${k}]`,
        found: `${describePosition({ x, y })} ${towards}`,
        expected: `a link among ${columns} x ${rows} routers, counted over all chips`,
      })
    }),
  )
}

function isIndex(value: number, count: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < count
}

function deadRoute(fabric: Fabric, from: number, to: number, { from: a, to: b }: Link): InputError {
  return new InputError({
    code: 'ROUTE_DEAD_LINK',
    field: 'deadLinks',
    found: `the dead link ${describe(fabric, a)} to ${describe(fabric, b)} on the route ${describe(fabric, from)} to ${describe(fabric, to)}`,
    expected: 'routes without dead links, for they are fixed on this chip',
    remedy: 'Place the cores that exchange packets elsewhere.',
  })
}

function noRoute(fabric: Fabric, from: number, to: number): InputError {
  return new InputError({
    code: 'ROUTE_NONE',
    field: 'deadLinks',
    found: `no way from ${describe(fabric, from)} to ${describe(fabric, to)}`,
    expected: 'links that join the cores which exchange packets',
    remedy: 'Place these cores elsewhere.',
  })
}

function describe({ columns }: Fabric, router: number): string {
  return describePosition({ x: router % columns, y: Math.floor(router / columns) })
}

function describePosition({ x, y }: Position): string {
  return `(${x}, ${y})`
}
