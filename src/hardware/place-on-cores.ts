import { InputError } from '../events/errors.js'
import type { Network } from '../network/description/network.js'
import { type Readers, readOptions } from '../network/reading/read-fields.js'
import { readNetwork } from '../network/reading/read-network.js'
import { readNonNegative } from '../network/reading/read-number.js'
import { readRecord } from '../network/reading/read-value.js'
import { definePlacement } from './define-placement.js'
import { levelsOf } from './levels.js'
import { partitionEvenly, type RowLoad, smallestMaxima } from './linear-partition.js'
import { NO_LIMIT } from './load.js'
import { coresFor } from './place.js'
import type { Placement } from './placement.js'
import { cutNetwork, type PlacementUnit, slicesOfUnits } from './placement-units.js'
import { type FiringRates, measureRows, measureWork } from './work.js'

export interface SpreadOptions {
  /** Spikes of a unit in a trial, per group, as counted in a run; default, also of groups that are not named: 1. */
  readonly rates?: FiringRates
}

const READERS: Readers<SpreadOptions> = { rates: readRecord }

/** What another core that a level is spread over costs in ns a trial: its messages, and waiting for the last of them. */
const HOP = 3000

/** Placement units of one level that lie on one core. */
interface Segment {
  readonly placementUnits: readonly PlacementUnit[]
  readonly work: number
}

/** A level in segments. */
interface CutLevel {
  readonly placementUnits: readonly PlacementUnit[]
  /** With the work of each in place of its synapses. */
  readonly loads: readonly RowLoad[]
  readonly segments: readonly Segment[]
}

/**
 * Spreads a network over exactly `cores` cores without limits, such that a trial takes little time: layers wait for each
 * other, so what counts is the sum over layers of the largest share of a core. Work is reckoned from neurons, synapses,
 * spikes and the spikes that every slice takes in, never measured: a network is spread alike on every machine. `place`
 * instead fills the cores of a chip.
 *
 * Raises `InputError` CORES_TOO_MANY, see `coresFor`; GROUP_UNKNOWN, OPTION_OUT_OF_RANGE for rates.
 *
 * @param field what the number of cores is called where it was given
 * @example placeOnCores(network, 2, { rates: { input: 0.2, hidden: 1.5 } })
 */
export function placeOnCores(network: Network, cores: number, options: SpreadOptions = {}, field = 'cores'): Placement {
  const chip = coresFor(network, cores, field)
  const loadsOf = measureUnits(network, rateOf(network, options))
  const { preferred } = cutNetwork(network, cores, NO_LIMIT)
  const cut = (placementUnits: readonly PlacementUnit[], loads: readonly RowLoad[], count: number): CutLevel => {
    const ends = partitionEvenly(loads, count, NO_LIMIT) ?? []
    const segments = ends.map((end, k) => {
      const start = ends[k - 1] ?? 0
      const shared = loads[start]?.shared ?? 0
      const work = loads.slice(start, end).reduce((sum, { synapses }) => sum + synapses, shared)
      return { placementUnits: placementUnits.slice(start, end), work }
    })
    return { placementUnits, loads, segments }
  }
  let levels = levelsOf(network, preferred).map((placementUnits) => {
    const loads = loadsOf(placementUnits)
    return cut(placementUnits, loads, quickestCount(loads, cores))
  })
  // All cores that were asked for get something, also where fewer would be as fast.
  for (let placed = dealt(levels, cores); ; placed = dealt(levels, cores)) {
    const coarsest = placed.some((core) => core.length === 0) ? mostWork(levels, cores) : null
    if (coarsest === null) return definePlacement(network, placed.map(slicesOfUnits), chip)
    levels = levels.map((level) =>
      level === coarsest ? cut(level.placementUnits, level.loads, level.segments.length + 1) : level,
    )
  }
}

/** The work of the placement units of a level; what slices cost whatever their size is shared by those of a group. */
function measureUnits(network: Network, rates: (group: string) => number) {
  const [workOf, rowsOf] = [measureWork(network, rates), measureRows(network, rates)]
  return (placementUnits: readonly PlacementUnit[]): readonly RowLoad[] =>
    placementUnits.map(({ neurons, slices }, k) => {
      const before = placementUnits[k - 1]?.slices.at(-1)?.group
      const work = slices.reduce((sum, slice) => sum + workOf(slice), 0)
      const rows = slices.map(({ group }) => ({ group, rows: rowsOf(group) }))
      const begun = rows.filter(({ group }) => group !== before).reduce((sum, { rows }) => sum + rows, 0)
      const shared = rows.find(({ group }) => group === before)?.rows ?? 0
      return { neurons, synapses: work + begun, shared }
    })
}

function rateOf(network: Network, given: SpreadOptions): (group: string) => number {
  const { rates = {} } = readOptions(given, READERS)
  const groups = new Set(readNetwork(network).groups.map(({ name }) => name))
  const known = new Map(
    Object.entries(rates).map(([group, rate]) => {
      if (!groups.has(group)) throw unknownGroup(group, groups)
      return [group, readNonNegative(rate, `options.rates.${group}`)]
    }),
  )
  return (group) => known.get(group) ?? 1
}

function unknownGroup(group: string, groups: ReadonlySet<string>): InputError {
  return new InputError({
    code: 'GROUP_UNKNOWN',
    field: `options.rates.${group}`,
    found: `"${group}"`,
    expected: `one of ${[...groups].join(', ')}`,
  })
}

/** In how many segments a level is quickest. */
function quickestCount(loads: readonly RowLoad[], cores: number): number {
  const times = smallestMaxima(loads, Math.min(cores, loads.length)).map((share, k) => share + HOP * (k + 1))
  return 1 + times.indexOf(Math.min(...times))
}

function largest(segments: readonly Segment[]): number {
  return segments.reduce((most, { work }) => Math.max(most, work), 0)
}

/** The level whose largest segment is the largest of those that can be cut further; null if none can. */
function mostWork(levels: readonly CutLevel[], cores: number): CutLevel | null {
  const open = levels.filter(({ placementUnits, segments }) => segments.length < Math.min(cores, placementUnits.length))
  return open.reduce<CutLevel | null>((most, level) => {
    return most === null || largest(level.segments) > largest(most.segments) ? level : most
  }, null)
}

/**
 * The placement units of each core. Levels in most segments come first; those of one level go to different cores: to empty
 * ones, then to those that have the least to do so far, the largest to the one with the least; where there is no work, to
 * the first.
 */
function dealt(levels: readonly CutLevel[], cores: number): readonly (readonly PlacementUnit[])[] {
  const loads = Array.from({ length: cores }, (_, core) => ({ core, work: 0, placementUnits: [] as PlacementUnit[] }))
  const holdsUnits = ({ placementUnits }: (typeof loads)[number]) => Number(placementUnits.length > 0)
  for (const { segments } of levels.toSorted((a, b) => b.segments.length - a.segments.length)) {
    const isWork = largest(segments) > 0
    const idle = loads.toSorted((a, b) => {
      return holdsUnits(a) - holdsUnits(b) || (isWork ? a.work - b.work : 0) || a.core - b.core
    })
    const areAlike = idle.slice(0, segments.length).every(({ work }) => work === idle[0]?.work)
    const inOrder = areAlike ? segments : segments.toSorted((a, b) => b.work - a.work)
    for (const [k, segment] of inOrder.entries()) {
      const load = idle[k]
      load?.placementUnits.push(...segment.placementUnits)
      if (load !== undefined) load.work += segment.work
    }
  }
  return loads.map(({ placementUnits }) => placementUnits)
}
