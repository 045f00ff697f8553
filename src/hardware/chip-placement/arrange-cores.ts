import { InputError } from '../../events/errors.js'
import { availableCores, chipsFor, firstSites } from '../fit/chip-sites.js'
import { grouped, many } from '../fit/percent.js'
import { type ChipProfile, chipCount } from '../profile/chip-profile.js'
import { figureValue } from '../profile/figure.js'
import type { CorePlace } from '../routing/layout.js'
import { type Arrangement, costOf } from './arrangement.js'
import type { CoreGraph } from './core-graph.js'
import { candidateCount, candidatePlaces, measureSites, OUT_OF_REACH, type Sites, sitesOfChips } from './sites.js'
import { cheapestStart, startInOrder } from './starts.js'
import { thresholdAccepting } from './threshold-accepting.js'

/** How long to search for a cheap arrangement. */
export type SearchEffort = 'none' | 'quick' | 'full'

/** Moves per square of the cores, runs, and maximum work: a move is as much work as looking at `MOVE` partners. */
const EFFORTS: Readonly<Record<Exclude<SearchEffort, 'none'>, Search>> = {
  quick: { perSquare: 4, runs: 1, most: 30_000_000 },
  full: { perSquare: 40, runs: 8, most: 700_000_000 },
}
const MOVE = 20
/** The moves of a run are limited such that this many runs fit into the maximum work. */
const FEW_RUNS = 3

interface Search {
  readonly perSquare: number
  readonly runs: number
  readonly most: number
}

/** With more sites cores stay in their order: distances would take too much memory. */
const MOST_SITES = 4096

/** Default number of links that a crossing of chips counts as. */
const CROSSING = 10

/** One of several graphs, and the places of its cores. */
export interface Arranged {
  readonly chosen: number
  readonly places: readonly CorePlace[]
}

export interface ArrangeOptions {
  readonly seed: number
  readonly effort: Exclude<SearchEffort, 'none'>
  /** Called with the number of runs of the search that are done, including the completed part of the current one. */
  onMoves(done: number, of: number): void
}

/** Whether there are few enough cores to choose from for a search. */
export function isSearchable(profile: ChipProfile, cores: number): boolean {
  return candidateCount(profile, cores) <= MOST_SITES
}

/**
 * Looks for the cheapest arrangement of the cores of any graph, none of which has more than the first. It is never dearer
 * than the first with its cores in order.
 */
export function arrangeCores(
  graphs: readonly CoreGraph[],
  profile: ChipProfile,
  { seed, effort, onMoves }: ArrangeOptions,
): Arranged {
  const [inOrder] = graphs as [CoreGraph, ...CoreGraph[]]
  const first = firstSites(profile, inOrder.cores)
  let best: Arranged = { chosen: 0, places: first }
  const crossing = crossingOf(profile)
  let least = costOf(inOrder, measureSites(profile, first, crossing), startInOrder(inOrder))
  const searches = graphs.map((graph) => searchOf(graph, EFFORTS[effort]))
  const all = searches.reduce((sum, { runs }) => sum + runs, 0)
  let before = 0
  graphs.forEach((graph, chosen) => {
    const search = searches[chosen] as GraphSearch
    const sites = measureSites(profile, candidatePlaces(profile, graph.cores), crossing)
    const tell = (done: number) => onMoves(before + done, all)
    for (const siteOf of arrangements(graph, sites, search, { seed, name: `${chosen}`, tell })) {
      const cost = costOf(graph, sites, siteOf)
      if (cost >= least) continue
      least = cost
      best = { chosen, places: Array.from(siteOf, (site) => sites.places[site] as CorePlace) }
    }
    before += search.runs
  })
  return best
}

/** Raises `InputError` PLACEMENT_CAPACITY where a chip has fewer cores. */
export function requireCores(profile: ChipProfile, cores: number, known: 'just' | 'at least' = 'just'): void {
  const available = availableCores(profile)
  if (available < cores) throw tooManyCores(profile, { cores, known, available })
}

/** Moves of a run, and runs. */
interface GraphSearch {
  readonly moves: number
  readonly runs: number
}

function searchOf({ cores, partners }: CoreGraph, { perSquare, runs, most }: Search): GraphSearch {
  // A move looks at the partners of two cores.
  const work = MOVE + Math.ceil((2 * partners.length) / cores)
  const moves = Math.min(perSquare * cores ** 2, Math.floor(most / Math.min(runs, FEW_RUNS) / work))
  return { moves, runs: Math.min(runs, Math.max(1, Math.floor(most / (moves * work)))) }
}

interface RunOptions {
  readonly seed: number
  /** Of the graph, for its random streams. */
  readonly name: string
  tell(done: number): void
}

/** The cheapest start, and its improvements; over several chips every other run first assigns cores to chips. */
function* arrangements(
  graph: CoreGraph,
  sites: Sites,
  { moves, runs }: GraphSearch,
  { seed, name, tell }: RunOptions,
): Generator<Arrangement> {
  const start = cheapestStart(graph, sites)
  tell(0)
  yield start
  const chips = sitesOfChips(sites)
  for (let run = 0; run < runs; run++) {
    const stream = `place/${name}/${run}`
    const isDealt = chips.routers > 1 && run % 2 === 1
    // Where there are two stages, each is half of a run.
    const stage = (at: 0 | 1) => {
      return { seed, moves, tell: (share: number) => tell(run + (isDealt ? (at + share) / 2 : share)) }
    }
    // Next to each other are here all cores of neighbouring chips: to swap them one by one would take forever.
    const dealt = isDealt
      ? thresholdAccepting(graph, chips, start, { ...stage(0), stream: `${stream}/chips`, polish: false })
      : start
    yield thresholdAccepting(graph, sites, dealt, { ...stage(1), stream })
    tell(run + 1)
  }
}

/** How many hops a crossing of chips costs, in whole ones: so few that no chip is out of reach. */
function crossingOf({ energy, chips }: ChipProfile): number {
  const [x, y, crossing] = [energy.hopX, energy.hopY, energy.chipCrossing].map(figureValue)
  if (typeof x !== 'number' || typeof y !== 'number' || typeof crossing !== 'number' || x + y === 0) return CROSSING
  const most = Math.floor(OUT_OF_REACH / 2 / (chips.columns + chips.rows))
  return Math.max(1, Math.min(most, Math.round((2 * crossing) / (x + y))))
}

interface TooMany {
  readonly cores: number
  readonly known: 'just' | 'at least'
  readonly available: number
}

function tooManyCores(profile: ChipProfile, { cores, known, available }: TooMany): InputError {
  const { count, columns, rows } = chipsFor(profile, cores)
  const [found, verdict] = known === 'just' ? ['', 'would fit on'] : ['at least ', 'takes at least']
  return new InputError({
    code: 'PLACEMENT_CAPACITY',
    field: 'network',
    found: `${found}${many(cores, 'core')} of ${profile.name}`,
    expected: `at most ${grouped(available)}, on ${many(chipCount(profile), 'chip')}`,
    remedy: `The network ${verdict} ${many(count, 'chip')}: take withChips(profile, { columns: ${columns}, rows: ${rows} }).`,
  })
}
