import type { Network } from '../../dist/index.js'
import * as here from '../../dist/index.js'
import type { OpenContestant } from './contest.js'
import { SEED } from './count-spikes.js'
import type { Build } from './other-version.js'

/** How a network is spread over partitions. */
export interface Spread {
  readonly partitions: number
  /** Null: one partition in this process. */
  readonly transport: 'thread' | 'websocket' | null
  /** Default 1. */
  readonly replicas?: number
  /** This many of them at once, each independent of the others: what the machine could give at most. Default 1. */
  readonly copies?: number
}

export async function openSpread(
  build: Build,
  { partitions, transport, replicas, copies = 1 }: Spread,
  given: Network,
): Promise<OpenContestant> {
  const network = build.parseNetwork(here.formatNetwork(given))
  if (transport === null) return { sessions: [await build.open(network, { seed: SEED })], processes: [] }
  const placement = build.placeOnCores(network, partitions)
  const options = { seed: SEED, transport, ...(replicas === undefined ? {} : { replicas }) }
  const openings = Array.from({ length: copies }, () => build.openCluster(network, placement, options))
  const sessions = await Promise.all(openings)
  const processes = transport === 'thread' ? [] : sessions.flatMap(({ workers }) => workers.map(({ id }) => id))
  return { sessions, processes }
}

export function nameOfSpread({ partitions, transport, replicas, copies }: Spread): string {
  if (copies !== undefined) return `${copies} x 1 over websockets, each for itself`
  const where = transport === null ? 'in this process' : transport === 'thread' ? 'in threads' : 'over websockets'
  return replicas === undefined ? `${partitions} ${where}` : `${replicas} replicas ${where}`
}
