import type { ChipProfile } from '../profile/chip-profile.js'
import type { Fabric } from '../routing/fabric.js'
import type { Link } from '../routing/link.js'
import type { Routes } from '../routing/routes.js'
import type { ChipCongestion, ChipLoad, LinkLoad } from './chip-congestion.js'
import { capacityField, capacityIn, type Passage } from './link-capacity.js'
import { createWindowLoads, type WindowLoads } from './window-loads.js'

/** Packets of one spike through something. */
export interface Passing {
  readonly loads: WindowLoads
  readonly packets: number
}

/** All links, and the chips that they leave, as far as packets pass them. */
export interface Passages {
  /** What the packets of a spike pass whose ways are these links, one behind the other. */
  along(links: readonly Link[]): readonly Passing[]
  endTrial(trial: number): void
  results(): Pick<ChipCongestion, 'links' | 'chips' | 'overCapacity' | 'unknown'>
}

interface Passed<About> {
  readonly about: About
  readonly passage: Passage
  readonly loads: WindowLoads
}

export function createPassages(profile: ChipProfile, { fabric }: Routes, windows: number, window: number): Passages {
  const links = new Map<number, Passed<Link>>()
  const chips = new Map<number, Passed<number>>()
  const all = () => [...links.values(), ...chips.values()]
  const passed = <About>(about: About, passage: Passage): Passed<About> => {
    const capacity = capacityIn(window, profile, passage)
    return { about, passage, loads: createWindowLoads(windows, capacity, (at) => at * window) }
  }

  function through(link: Link): readonly WindowLoads[] {
    const key = link.from * fabric.columns * fabric.rows + link.to
    const own = links.get(key) ?? passed(link, link.level)
    links.set(key, own)
    if (link.level === 'betweenTiles') return [own.loads]
    const chip = chipOf(profile, fabric, link.from)
    const whole = chips.get(chip) ?? passed(chip, 'allOfChip')
    chips.set(chip, whole)
    return [own.loads, whole.loads]
  }

  return {
    along: (way) => {
      const packets = new Map<WindowLoads, number>()
      for (const loads of way.flatMap(through)) packets.set(loads, (packets.get(loads) ?? 0) + 1)
      return [...packets].map(([loads, count]) => ({ loads, packets: count }))
    },
    endTrial: (trial) => {
      for (const { loads } of all()) loads.endTrial(trial)
    },
    results: () => ({
      links: linkLoads([...links.values()], fabric),
      chips: chipLoads([...chips.values()]),
      overCapacity: all().reduce((sum, { loads }) => sum + loads.overCapacity(), 0),
      unknown: unknownOf(all()),
    }),
  }
}

function linkLoads(links: readonly Passed<Link>[], fabric: Fabric): readonly LinkLoad[] {
  return links
    .map(({ about: { from, to, direction, level }, loads }): LinkLoad => {
      return { from: positionOf(fabric, from), to: positionOf(fabric, to), direction, level, ...loads.load() }
    })
    .filter(({ packets }) => packets > 0)
    .sort((a, b) => b.most - a.most || b.packets - a.packets)
}

function chipLoads(chips: readonly Passed<number>[]): readonly ChipLoad[] {
  return chips
    .map(({ about: chip, loads }): ChipLoad => ({ chip, ...loads.load() }))
    .filter(({ packets }) => packets > 0)
    .sort((a, b) => b.most - a.most || a.chip - b.chip)
}

/** Links between chips are limited one by one or all together: it is enough to know one of them. */
function unknownOf(all: readonly Passed<unknown>[]): readonly string[] {
  const used = all.filter(({ loads }) => loads.load().packets > 0)
  const isUnknown = (passage: Passage) =>
    used.some((each) => each.passage === passage && each.loads.load().capacity === null)
  const unknown: Passage[] = []
  if (isUnknown('betweenTiles')) unknown.push('betweenTiles')
  if (isUnknown('betweenChips') && isUnknown('allOfChip')) unknown.push('betweenChips')
  return unknown.map(capacityField)
}

/** Routers are tiles, counted over all chips, or the chips themselves. */
function chipOf({ chip, chips }: ChipProfile, fabric: Fabric, router: number): number {
  const { x, y } = positionOf(fabric, router)
  return Math.floor(y / chip.rows) * chips.columns + Math.floor(x / chip.columns)
}

function positionOf({ columns }: Fabric, router: number): { readonly x: number; readonly y: number } {
  return { x: router % columns, y: Math.floor(router / columns) }
}
