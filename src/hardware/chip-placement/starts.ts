import { type Arrangement, costOf } from './arrangement.js'
import type { CoreGraph } from './core-graph.js'
import { hilbertIndex } from './hilbert.js'
import type { Sites } from './sites.js'

/** Cores in their order on sites in theirs. */
export function startInOrder({ cores }: CoreGraph): Arrangement {
  return Int32Array.from({ length: cores }, (_, core) => core)
}

/**
 * The cheapest of: sites in their order, in serpentines, along a Hilbert curve, and one core after the other where it is
 * cheapest.
 */
export function cheapestStart(graph: CoreGraph, sites: Sites): Arrangement {
  const starts = [
    startInOrder(graph),
    along(graph, sites, serpentine(sites)),
    along(graph, sites, hilbert(sites)),
    greedy(graph, sites),
  ]
  const costs = starts.map((start) => costOf(graph, sites, start))
  return starts[costs.indexOf(Math.min(...costs))] as Arrangement
}

/** Cores in their order on sites in that of some key. */
function along({ cores }: CoreGraph, { places, router }: Sites, keyOf: (router: number) => number): Arrangement {
  const sites = places.map((_, site) => site)
  const key = (site: number) => keyOf(router[site] as number)
  return Int32Array.from(sites.sort((a, b) => key(a) - key(b) || a - b).slice(0, cores))
}

/** Row by row, every other one backwards. */
function serpentine({ column, row }: Sites): (router: number) => number {
  const width = 1 + column.reduce((most, x) => Math.max(most, x), 0)
  return (router) => {
    const [x, y] = [column[router] as number, row[router] as number]
    return y * width + (y % 2 === 0 ? x : width - 1 - x)
  }
}

function hilbert({ column, row }: Sites): (router: number) => number {
  const most = [...column, ...row].reduce((most, x) => Math.max(most, x), 1)
  const bits = 32 - Math.clz32(most)
  return (router) => hilbertIndex(column[router] as number, row[router] as number, bits)
}

/** The core that exchanges most with those that have a site comes next, to the free site where it is cheapest. */
function greedy(graph: CoreGraph, sites: Sites): Arrangement {
  const { start, partners, packets } = graph
  const siteOf = new Int32Array(graph.cores).fill(-1)
  const free = new Set(sites.places.keys())
  const left = new Set(siteOf.keys())
  const all = siteOf.map((_, core) => (start[core + 1] as number) - (start[core] as number))
  // The first is one with many partners, in the middle.
  const tied = Float64Array.from(all, (count) => count / TWO_TO_32)
  const middle = middleOf(sites)
  while (left.size > 0) {
    const core = best(left, (each) => tied[each] as number)
    left.delete(core)
    const site = left.size + 1 === graph.cores ? middle : best(free, (each) => -costBeside(core, each))
    free.delete(site)
    siteOf[core] = site
    for (let j = start[core] as number; j < (start[core + 1] as number); j++) {
      const partner = partners[j] as number
      tied[partner] = (tied[partner] as number) + (packets[j] as number)
    }
  }
  return siteOf

  function costBeside(core: number, site: number): number {
    const row = (sites.router[site] as number) * sites.routers
    let cost = 0
    for (let j = start[core] as number; j < (start[core + 1] as number); j++) {
      const at = siteOf[partners[j] as number] as number
      if (at >= 0) cost += (packets[j] as number) * (sites.distance[row + (sites.router[at] as number)] as number)
    }
    return cost
  }
}

const TWO_TO_32 = 4294967296

/** The site from which all others are nearest. */
function middleOf({ places, router, routers, distance }: Sites): number {
  const sums = new Float64Array(routers)
  for (const other of router) {
    for (let k = 0; k < routers; k++) sums[k] = (sums[k] as number) + (distance[other * routers + k] as number)
  }
  return best(places.keys(), (site) => -(sums[router[site] as number] as number))
}

/** The one with the highest score; of equal ones the first. */
function best(among: Iterable<number>, scoreOf: (each: number) => number): number {
  let [found, most] = [0, Number.NEGATIVE_INFINITY]
  for (const each of among) {
    const score = scoreOf(each)
    if (score > most) [found, most] = [each, score]
  }
  return found
}
