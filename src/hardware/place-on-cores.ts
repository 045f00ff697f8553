import { InputError } from '../events/errors.js'
import type { Network } from '../network/description/network.js'
import { type Readers, readOptions } from '../network/reading/read-fields.js'
import { readNetwork } from '../network/reading/read-network.js'
import { readNonNegative } from '../network/reading/read-number.js'
import { readRecord } from '../network/reading/read-value.js'
import { definePlacement } from './define-placement.js'
import { levelsOf } from './levels.js'
import { partitionEvenly, smallestMaxima } from './linear-partition.js'
import { type Load, NO_LIMIT } from './load.js'
import { cutNetwork, joinSlices, type Piece } from './pieces.js'
import { coresFor } from './place.js'
import type { Placement } from './placement.js'
import { type FiringRates, measureWork } from './work.js'

export interface SpreadOptions {
  /** Spikes of a unit in a trial, per group, as counted in a run; default, also of groups that are not named: 1. */
  readonly rates?: FiringRates
}

const READERS: Readers<SpreadOptions> = { rates: readRecord }

/** What another core that a level is spread over costs in ns a trial: its messages, and waiting for the last of them. */
const HOP = 3000

/** Pieces of one level that lie on one core. */
interface Stretch {
  readonly pieces: readonly Piece[]
  readonly work: number
}

/** A level in stretches. */
interface CutLevel {
  readonly pieces: readonly Piece[]
  /** With the work of each in place of its synapses. */
  readonly loads: readonly Load[]
  readonly stretches: readonly Stretch[]
}

/**
 * Spreads a network over exactly `cores` cores without limits, such that a trial takes little time: layers wait for each
 * other, so what counts is the sum over layers of the largest share of a core. Work is reckoned from neurons, synapses and
 * spikes, never measured: a network is spread alike on every machine. `place` instead fills the cores of a chip.
 *
 * Raises `InputError` CORES_TOO_MANY, see `coresFor`; GROUP_UNKNOWN, OPTION_OUT_OF_RANGE for rates.
 *
 * @param field what the number of cores is called where it was given
 * @example placeOnCores(network, 2, { rates: { input: 0.2, hidden: 1.5 } })
 */
export function placeOnCores(network: Network, cores: number, options: SpreadOptions = {}, field = 'cores'): Placement {
  const chip = coresFor(network, cores, field)
  const workOf = measureWork(network, rateOf(network, options))
  const { preferred } = cutNetwork(network, cores, NO_LIMIT)
  const loadsOf = (pieces: readonly Piece[]) =>
    pieces.map(({ neurons, slices }): Load => {
      return { neurons, synapses: slices.reduce((sum, slice) => sum + workOf(slice), 0) }
    })
  const cut = (pieces: readonly Piece[], loads: readonly Load[], count: number): CutLevel => {
    const ends = partitionEvenly(loads, count, NO_LIMIT) ?? []
    const stretches = ends.map((end, k) => {
      const start = ends[k - 1] ?? 0
      const work = loads.slice(start, end).reduce((sum, { synapses }) => sum + synapses, 0)
      return { pieces: pieces.slice(start, end), work }
    })
    return { pieces, loads, stretches }
  }
  let levels = levelsOf(network, preferred).map((pieces) => {
    const loads = loadsOf(pieces)
    return cut(pieces, loads, quickestCount(loads, cores))
  })
  // Whoever asks for cores has them, also where fewer would be as fast.
  for (let placed = dealt(levels, cores); ; placed = dealt(levels, cores)) {
    const coarsest = placed.some((core) => core.length === 0) ? mostWork(levels, cores) : null
    if (coarsest === null) return definePlacement(network, placed.map(joinSlices), chip)
    levels = levels.map((level) =>
      level === coarsest ? cut(level.pieces, level.loads, level.stretches.length + 1) : level,
    )
  }
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

/** In how many stretches a level is quickest. */
function quickestCount(loads: readonly Load[], cores: number): number {
  const times = smallestMaxima(loads, Math.min(cores, loads.length)).map((share, k) => share + HOP * (k + 1))
  return 1 + times.indexOf(Math.min(...times))
}

function largest(stretches: readonly Stretch[]): number {
  return stretches.reduce((most, { work }) => Math.max(most, work), 0)
}

/** The level whose largest stretch is the largest of those that can be cut further; null if none can. */
function mostWork(levels: readonly CutLevel[], cores: number): CutLevel | null {
  const open = levels.filter(({ pieces, stretches }) => stretches.length < Math.min(cores, pieces.length))
  return open.reduce<CutLevel | null>((most, level) => {
    return most === null || largest(level.stretches) > largest(most.stretches) ? level : most
  }, null)
}

/**
 * The pieces of each core. Levels in most stretches come first; those of one level go to different cores: to empty ones, then
 * to those that have the least to do so far, the largest to the one with the least; where there is no work, to the first.
 */
function dealt(levels: readonly CutLevel[], cores: number): readonly (readonly Piece[])[] {
  const loads = Array.from({ length: cores }, (_, core) => ({ core, work: 0, pieces: [] as Piece[] }))
  const hasPieces = ({ pieces }: (typeof loads)[number]) => Number(pieces.length > 0)
  for (const { stretches } of levels.toSorted((a, b) => b.stretches.length - a.stretches.length)) {
    const isWork = largest(stretches) > 0
    const idle = loads.toSorted((a, b) => {
      return hasPieces(a) - hasPieces(b) || (isWork ? a.work - b.work : 0) || a.core - b.core
    })
    const areAlike = idle.slice(0, stretches.length).every(({ work }) => work === idle[0]?.work)
    const inOrder = areAlike ? stretches : stretches.toSorted((a, b) => b.work - a.work)
    for (const [k, stretch] of inOrder.entries()) {
      const load = idle[k]
      load?.pieces.push(...stretch.pieces)
      if (load !== undefined) load.work += stretch.work
    }
  }
  return loads.map(({ pieces }) => pieces)
}
