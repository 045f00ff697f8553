import type { CorePlace, Level } from '../routing/layout.js'
import { countHops, type HopCounts, type Routes } from '../routing/routes.js'

/** The ways between the cores of a list, which are told by their places in it. */
export interface CoreWays {
  readonly cores: number
  hops(from: number, to: number): HopCounts
  /** Of one packet that is copied on its way. */
  treeHops(from: number, targets: readonly number[]): HopCounts
  level(from: number, to: number): Level
}

/** Raises `InputError` as routes do, once a way is asked for. */
export function createCoreWays(routes: Routes, cores: readonly CorePlace[]): CoreWays {
  const routers = cores.map((place) => routes.fabric.routerOf(place))
  const routerCount = routes.fabric.columns * routes.fabric.rows
  // Many cores share a router.
  const known = new Map<number, HopCounts>()
  const place = (core: number) => cores[core] as CorePlace
  return {
    cores: cores.length,
    hops(from, to) {
      const key = (routers[from] as number) * routerCount + (routers[to] as number)
      const counted = known.get(key) ?? countHops(routes.route(place(from), place(to)))
      known.set(key, counted)
      return counted
    },
    treeHops: (from, targets) => countHops(routes.tree(place(from), targets.map(place))),
    level: (from, to) => routes.levelBetween(place(from), place(to)),
  }
}
