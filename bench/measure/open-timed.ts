import { createPartition } from '../../dist/actors/partition/wiring/create-partition.js'
import { createSession } from '../../dist/actors/session/create-session.js'
import { wallSeconds } from '../../dist/actors/supervision/system-clock.js'
import { type Network, type Session, singleCore } from '../../dist/index.js'

/** A session in this process that tells the time it spends in kernels and optimisers. */
export interface TimedSession {
  readonly session: Session
  /** Seconds so far. */
  kernelSeconds(): Promise<number>
}

/** The same session as `open` returns, with a clock. */
export function openTimed(network: Network, seed: number): TimedSession {
  const placement = singleCore(network)
  const partition = createPartition({ network, seed, placement, core: 0, links: new Map(), seconds: wallSeconds })
  const session = createSession(
    { network, placement, partitions: [partition], close: () => partition.close() },
    { seed },
  )
  return { session, kernelSeconds: () => partition.kernelSeconds() }
}
