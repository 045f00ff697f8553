import type { CoreGraph } from './core-graph.js'
import type { Distances } from './sites.js'

/** Which site each core is on. */
export type Arrangement = Int32Array

/** Packets times links. */
export function costOf({ cores, start, partners, packets }: CoreGraph, sites: Distances, siteOf: Arrangement): number {
  const { router, routers, distance } = sites
  const routerOf = (core: number) => router[siteOf[core] as number] as number
  let twice = 0
  for (let core = 0; core < cores; core++) {
    const row = routerOf(core) * routers
    for (let j = start[core] as number; j < (start[core + 1] as number); j++)
      twice += (packets[j] as number) * (distance[row + routerOf(partners[j] as number)] as number)
  }
  return twice / 2
}

/** An arrangement that changes by swaps. */
export interface Board {
  readonly siteOf: Arrangement
  /** The core on each site; -1: none. */
  readonly coreAt: Int32Array
  /** What it would cost more if a core moved to a site and what is there came to its own. */
  change(core: number, site: number): number
  swap(core: number, site: number): void
}

export function createBoard(graph: CoreGraph, sites: Distances, from: Arrangement): Board {
  const siteOf = Int32Array.from(from)
  const coreAt = new Int32Array(sites.places.length).fill(-1)
  siteOf.forEach((site, core) => {
    coreAt[site] = core
  })
  const { start, partners, packets } = graph
  const { router, routers, distance } = sites

  /** What a core costs more on the routers of row `to` than on those of row `from`; the way to `except` stays as long. */
  function moved(core: number, from: number, to: number, except: number): number {
    let change = 0
    for (let j = start[core] as number; j < (start[core + 1] as number); j++) {
      const partner = partners[j] as number
      if (partner === except) continue
      const at = router[siteOf[partner] as number] as number
      change += (packets[j] as number) * ((distance[to + at] as number) - (distance[from + at] as number))
    }
    return change
  }

  return {
    siteOf,
    coreAt,
    change: (core, site) => {
      const from = (router[siteOf[core] as number] as number) * routers
      const to = (router[site] as number) * routers
      if (from === to) return 0
      const other = coreAt[site] as number
      return moved(core, from, to, other) + (other < 0 ? 0 : moved(other, to, from, core))
    },
    swap: (core, site) => {
      const own = siteOf[core] as number
      const other = coreAt[site] as number
      siteOf[core] = site
      coreAt[site] = core
      coreAt[own] = other
      if (other >= 0) siteOf[other] = own
    },
  }
}
