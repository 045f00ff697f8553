import { countHops, type HopCounts } from '../routing/hops.js'
import type { CorePlace, Level } from '../routing/layout.js'
import type { Routes } from '../routing/routes.js'

/** The ways between the cores of a list; a core is given by its place in the list. */
export interface CoreWays {
  readonly cores: number
  hops(from: number, to: number): HopCounts
  /** Of one packet that is copied on its way. */
  treeHops(from: number, targets: Uint32Array): HopCounts
  level(from: number, to: number): Level
}

/** Raises `InputError` as routes do, once a way is asked for. */
export function createCoreWays(routes: Routes, cores: readonly CorePlace[]): CoreWays {
  const routers = cores.map((place) => routes.fabric.routerOf(place))
  const place = (core: number) => cores[core] as CorePlace
  return {
    cores: cores.length,
    hops: (from, to) => routes.hops(routers[from] as number, routers[to] as number),
    treeHops: (from, targets) => countHops(routes.tree(place(from), Array.from(targets, place))),
    level: (from, to) => routes.levelBetween(place(from), place(to)),
  }
}
