import type { ClusterSession } from '../actors/open-cluster.js'
import { TRANSPORTS } from '../actors/transport-table.js'
import type { Network } from '../network/description/network.js'
import { interruptibly, leavesNothing } from './interruption.js'
import { openOnCores, type RunOptions, transportOf } from './open-on-cores.js'
import type { PlaceFlags } from './run-flags.js'
import { eitherSignal } from './trace/watch-trace.js'

export interface TrialOptions extends Pick<RunOptions, 'metrics' | 'trace' | 'onNote' | 'restarts' | 'onRestart'> {
  /** What else may stop it. */
  readonly signal?: AbortSignal | null
  readonly left?: () => string
}

/**
 * Does something with one trial of a network, spread as the flags say, which a signal stops.
 *
 * In this process a trial is one long computation, in which no signal would be handled: there the system itself ends the
 * process, and every shell gives that the same exit code.
 *
 * @param left what a trial leaves that is stopped
 */
export async function trialOnCores<Result>(
  network: Network,
  flags: PlaceFlags,
  work: (session: ClusterSession) => Promise<Result>,
  { left = leavesNothing, signal: own = null, ...options }: TrialOptions = {},
): Promise<Result> {
  const run = async (interruption?: AbortSignal) => {
    const signal = interruption === undefined ? (own ?? undefined) : eitherSignal(interruption, own)
    await using session = await openOnCores(network, flags, { signal, ...options })
    return await work(session)
  }
  return TRANSPORTS[transportOf(flags)].holder === null ? run() : interruptibly(left, run)
}
