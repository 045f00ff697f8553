import type { Transport } from '../../actors/transport.js'
import { TRANSPORTS } from '../../actors/transport-table.js'
import type { NamedNumbers } from '../../storage/named-numbers.js'
import { type Difference, firstDifference } from './first-difference.js'

/** On how many cores a network runs, of how many replicas, what the cores are, what holds them, and on how many threads each runs. */
export interface Spread {
  readonly cores: number
  /** Absent if there is one. */
  readonly replicas?: number
  readonly transport: Transport
  /** Processes or threads that hold the cores; absent if not requested: one per core. */
  readonly processes?: number
  readonly threads: number
}

/** What came of one run. */
export interface RunResults {
  /** Everything that must be the same to the last bit. */
  readonly numbers: readonly NamedNumbers[]
  readonly digest: string
}

/** One run that is done. */
export interface SpreadReport extends Spread {
  readonly digest: string
  /** From the first process started to the last one ended. */
  readonly seconds: number
}

export type Verdict =
  | { readonly equal: true; readonly placements: readonly Spread[]; readonly digest: string }
  | {
      readonly equal: false
      readonly placements: readonly Spread[]
      readonly difference: Difference & Spread
    }

/** Everything in one process, to which all others are compared. */
export const REFERENCE: Spread = Object.freeze({ cores: 1, transport: 'local', threads: 1 })

/**
 * The reference, then every other combination once, in the order given.
 *
 * @param reference default: everything in one process, on one core
 * @param replicas of all but the reference
 * @param processes that hold the cores, where these are not all in this process: no more than there are cores, of all replicas
 */
export function spreadsOf(
  cores: readonly number[],
  transports: readonly Transport[],
  threads: readonly number[],
  processes: readonly number[] = [],
  reference: Spread = REFERENCE,
  replicas = 1,
): readonly Spread[] {
  const places = cores.flatMap((count) =>
    transports.flatMap((transport): readonly Omit<Spread, 'threads'>[] => {
      const place = { cores: count, ...(replicas === 1 ? {} : { replicas }), transport }
      if (TRANSPORTS[transport].holder === null || processes.length === 0) return [place]
      return processes.map((most) => ({ ...place, processes: Math.min(most, replicas * count) }))
    }),
  )
  const all = places.flatMap((place) => threads.map((count): Spread => ({ ...place, threads: count })))
  return [reference, ...all.filter((spread) => !isSame(spread, reference))].filter(
    (spread, index, list) => list.findIndex((other) => isSame(spread, other)) === index,
  )
}

const SPREAD_FIELDS = ['cores', 'replicas', 'transport', 'processes', 'threads'] as const

function isSame(a: Spread, b: Spread): boolean {
  return SPREAD_FIELDS.every((field) => a[field] === b[field])
}

export interface Comparison {
  run(spread: Spread): Promise<RunResults>
  /** Called after every run. */
  report(report: SpreadReport): void
  /** A clock with any origin. */
  seconds(): number
}

/**
 * Runs the same on every spread, one after the other, and compares each to the first one; the first difference ends it.
 */
export async function compareSpreads(
  [reference = REFERENCE, ...others]: readonly Spread[],
  { run, report, seconds }: Comparison,
): Promise<Verdict> {
  const timed = async (spread: Spread) => {
    const started = seconds()
    const results = await run(spread)
    report({ ...spread, digest: results.digest, seconds: seconds() - started })
    return results
  }
  const placements = [reference]
  const expected = await timed(reference)
  for (const spread of others) {
    placements.push(spread)
    const { numbers } = await timed(spread)
    const difference = firstDifference(expected.numbers, numbers)
    if (difference !== null) return { equal: false, placements, difference: { ...difference, ...spread } }
  }
  return { equal: true, placements, digest: expected.digest }
}
