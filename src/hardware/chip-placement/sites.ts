import { deadSites } from '../fit/chip-sites.js'
import { type ChipProfile, chipCount, coresPerChip } from '../profile/chip-profile.js'
import { countHops, hopLength } from '../routing/hops.js'
import { type CorePlace, type RoutedChips, tileAt, tileOf } from '../routing/layout.js'
import { createRoutes } from '../routing/routes.js'

/** A core that packets cannot reach is that many links away: never worth it, and sums stay whole numbers. */
export const OUT_OF_REACH = 2 ** 20

/** Cores that can hold something, and how far they are from each other. */
export interface Distances {
  readonly places: readonly CorePlace[]
  /** Of each site, counted from 0: sites of one router are 0 apart. */
  readonly router: Int32Array
  readonly routers: number
  /**
   * Entry a · routers + b: links between routers a and b, the longer way of there and back, a crossing of chips as many as
   * it costs.
   */
  readonly distance: Int32Array
}

/** The same, and where they are. */
export interface Sites extends Distances {
  /** Column and row of each router, over all chips. */
  readonly column: Int32Array
  readonly row: Int32Array
}

/** Measures how far some cores are from each other. */
export function measureSites(chips: RoutedChips, places: readonly CorePlace[], crossing: number): Sites {
  const routes = createRoutes(chips)
  const { fabric } = routes
  const global = places.map((place) => fabric.routerOf(place))
  const known = [...new Set(global)]
  const indices = new Map(known.map((router, index) => [router, index]))
  const routers = known.length
  const distance = new Int32Array(routers * routers)
  const between = chips.deadLinks.length === 0 ? distanceOf : lengthOf
  known.forEach((a, i) => {
    for (let j = 0; j < i; j++) {
      const b = known[j] as number
      const links = between(a, b)
      distance[i * routers + j] = links
      distance[j * routers + i] = links
    }
  })
  return {
    places,
    router: Int32Array.from(global, (router) => indices.get(router) as number),
    routers,
    distance,
    column: Int32Array.from(known, (router) => router % fabric.columns),
    row: Int32Array.from(known, (router) => Math.floor(router / fabric.columns)),
  }

  function distanceOf(a: number, b: number): number {
    const there = hopLength(fabric.hops(a, b), crossing)
    return chips.chips.columns * chips.chips.rows === 1
      ? there
      : Math.max(there, hopLength(fabric.hops(b, a), crossing))
  }

  function lengthOf(a: number, b: number): number {
    const [there, back] = [routes.links(a, b), routes.links(b, a)]
    if (there === null || back === null) return OUT_OF_REACH
    return Math.max(hopLength(countHops(there), crossing), hopLength(countHops(back), crossing))
  }
}

/** A chip with that many times the cores that are needed is not looked at as a whole. */
const SPARE = 2

/** Where the cores of a placement may go: on the first chips, on the tiles of a square in the corner of each. */
interface Region {
  readonly chips: number
  /** Columns and rows of tiles. */
  readonly side: number
}

/**
 * Number of candidate cores for a placement of `count` cores: those of the first chips that hold them; of a single chip
 * with far more, those of a square of tiles in its corner; of a chip with dead links all, since a way may be elsewhere.
 */
export function candidateCount(profile: ChipProfile, count: number): number {
  return coresIn(profile, regionFor(profile, count))
}

/** These cores, by chip and core. */
export function candidatePlaces(profile: ChipProfile, count: number): readonly CorePlace[] {
  const region = regionFor(profile, count)
  const dead = deadSites(profile)
  const cores = coresOfSquare(profile, region.side)
  return Array.from({ length: region.chips }, (_, chip) => cores.map((core) => ({ chip, core })))
    .flat()
    .filter(({ chip, core }) => !dead.has(chip * coresPerChip(profile) + core))
}

function regionFor(profile: ChipProfile, count: number): Region {
  const { columns, rows } = profile.chip
  const whole = Math.max(columns, rows)
  const spare = profile.deadLinks.length === 0 ? SPARE : Number.POSITIVE_INFINITY
  for (let chips = 1; ; chips++) {
    const available = coresIn(profile, { chips, side: whole })
    if (available < count && chips < chipCount(profile)) continue
    if (chips > 1) return { chips, side: whole }
    const least = Math.min(spare * count, available)
    for (let side = 1; ; side++) if (coresIn(profile, { chips, side }) >= least) return { chips, side }
  }
}

/** Cores that can be used. */
function coresIn({ chip, deadCores }: ChipProfile, { chips, side }: Region): number {
  const isInside = (core: number) => {
    const { x, y } = tileOf({ chip }, core)
    return Math.max(x, y) < side
  }
  const dead = deadCores.filter((each) => each.chip < chips && isInside(each.core)).length
  return chips * Math.min(side, chip.columns) * Math.min(side, chip.rows) * chip.coresPerTile - dead
}

/** The cores of the tiles of a square in the corner of a chip, ascending. */
function coresOfSquare({ chip }: ChipProfile, side: number): readonly number[] {
  const { columns, rows, coresPerTile } = chip
  const cores: number[] = []
  for (let x = 0; x < Math.min(side, columns); x++)
    for (let y = 0; y < Math.min(side, rows); y++)
      for (let slot = 0; slot < coresPerTile; slot++) cores.push(tileAt({ chip }, { x, y }) * coresPerTile + slot)
  return cores.sort((a, b) => a - b)
}

/** The same sites, distinguished only by their chips, which are as far apart as their nearest routers. */
export function sitesOfChips({ places, router, routers, distance }: Distances): Distances {
  const chips = [...new Set(places.map(({ chip }) => chip))]
  const indices = new Map(chips.map((chip, index) => [chip, index]))
  const chipOf = new Int32Array(routers)
  places.forEach(({ chip }, site) => {
    chipOf[router[site] as number] = indices.get(chip) as number
  })
  const between = new Int32Array(chips.length ** 2).fill(OUT_OF_REACH)
  for (let a = 0; a < routers; a++) {
    for (let b = 0; b < routers; b++) {
      const pair = (chipOf[a] as number) * chips.length + (chipOf[b] as number)
      between[pair] = Math.min(between[pair] as number, distance[a * routers + b] as number)
    }
  }
  return {
    places,
    router: router.map((index) => chipOf[index] as number),
    routers: chips.length,
    distance: between,
  }
}
