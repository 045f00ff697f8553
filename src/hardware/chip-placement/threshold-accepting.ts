import { createRandomStreams } from '../../numerics/random-stream.js'
import { type Arrangement, type Board, createBoard } from './arrangement.js'
import type { CoreGraph } from './core-graph.js'
import type { Distances } from './sites.js'

const TWO_TO_32 = 4294967296

export interface AcceptingOptions {
  readonly seed: number
  readonly stream: string
  readonly moves: number
  /** Whether neighbours are swapped in the end, as long as that helps; default true. */
  readonly polish?: boolean
  /** Called repeatedly with the share of the moves that is done. */
  readonly tell?: (share: number) => void
}

/** Number of moves between two progress reports. */
const OFTEN = 4096

/**
 * Improves an arrangement by threshold accepting: every core in turn tries to swap with a site next to a partner of its, or
 * with any; a swap is done if it costs at most so much more.
 *
 *     threshold of move m of M = floor(T (1 - m/M)^2)      T: half the mean change of swaps
 *
 * In the end swaps of neighbours, as long as one helps. All numbers are whole, and what is drawn is a function of the seed,
 * so that every machine finds the same. Source: Dueck and Scheuer, "Threshold accepting", J. Comput. Phys. 90, 1990.
 */
export function thresholdAccepting(
  graph: CoreGraph,
  sites: Distances,
  from: Arrangement,
  { seed, stream, moves, polish = true, tell = () => undefined }: AcceptingOptions,
): Arrangement {
  const board = createBoard(graph, sites, from)
  const near = nearSites(sites)
  const random = createRandomStreams(seed, 1, () => stream)
  const count = sites.places.length
  const propose = (move: number): number => {
    const core = move % graph.cores
    const words = random.words(0, move)
    const [first, partners] = [graph.start[core] as number, partnersOf(graph, core)]
    if (partners === 0 || (words[0] as number) % 4 === 0) return below(words[1] as number, count)
    const partner = graph.partners[first + below(words[1] as number, partners)] as number
    const around = near(board.siteOf[partner] as number)
    return around[below(words[2] as number, around.length)] as number
  }
  const start = firstThreshold(graph, board, propose)
  for (let move = 0; move < moves; move++) {
    if (move % OFTEN === OFTEN - 1) tell(move / moves)
    const core = move % graph.cores
    const site = propose(move)
    if (site === board.siteOf[core]) continue
    const left = 1 - move / moves
    if (board.change(core, site) <= Math.floor((start * left * left) / 2)) board.swap(core, site)
  }
  if (polish) swapNeighbours(graph, board, near)
  return board.siteOf
}

function partnersOf({ start }: CoreGraph, core: number): number {
  return (start[core + 1] as number) - (start[core] as number)
}

function below(word: number, bound: number): number {
  return Math.floor((word * bound) / TWO_TO_32)
}

function firstThreshold({ cores }: CoreGraph, board: Board, propose: (move: number) => number): number {
  let [sum, tried] = [0, 0]
  for (let move = 0; move < 4 * cores; move++) {
    const site = propose(move)
    if (site === board.siteOf[move % cores]) continue
    sum += Math.abs(board.change(move % cores, site))
    tried++
  }
  return tried === 0 ? 0 : Math.floor(sum / tried)
}

/** Swaps cores with what is next to them as long as that makes the arrangement cheaper. */
function swapNeighbours({ cores }: CoreGraph, board: Board, near: (site: number) => Int32Array): void {
  for (let isBetter = true; isBetter; ) {
    isBetter = false
    for (let core = 0; core < cores; core++) {
      for (const site of near(board.siteOf[core] as number)) {
        if (site === board.siteOf[core] || board.change(core, site) >= 0) continue
        board.swap(core, site)
        isBetter = true
      }
    }
  }
}

/** The sites on the router of a site and on those next to it. */
function nearSites(sites: Distances): (site: number) => Int32Array {
  const { router, routers, distance } = sites
  const onRouter: number[][] = Array.from({ length: routers }, () => [])
  router.forEach((index, site) => {
    onRouter[index]?.push(site)
  })
  const known: (Int32Array | undefined)[] = []
  const nearRouter = (index: number): Int32Array => {
    const others = Array.from({ length: routers }, (_, other) => other)
    const least = others.reduce((least, other) => {
      return other === index ? least : Math.min(least, distance[index * routers + other] as number)
    }, Number.POSITIVE_INFINITY)
    const reach = Math.max(least, 1)
    const found = Int32Array.from(
      others
        .filter((other) => other === index || (distance[index * routers + other] as number) <= reach)
        .flatMap((other) => onRouter[other] ?? []),
    )
    known[index] = found
    return found
  }
  return (site) => known[router[site] as number] ?? nearRouter(router[site] as number)
}
