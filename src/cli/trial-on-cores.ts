import type { ClusterSession } from '../actors/open-cluster.js'
import type { Network } from '../network/network.js'
import { interruptibly, leavesNothing } from './interruption.js'
import { openOnCores } from './open-on-cores.js'
import type { PlaceFlags } from './run-flags.js'
import { transportOf } from './transport-of.js'

/**
 * Does something with one trial of a network, spread as the flags say, which a signal stops.
 *
 * In this process a trial is one long computation, in which nobody would hear a signal: there the system itself ends the
 * process, and every shell gives that the same exit code.
 *
 * @param metrics the cores count what they do
 */
export async function trialOnCores<Result>(
  network: Network,
  flags: PlaceFlags,
  work: (session: ClusterSession) => Promise<Result>,
  metrics = false,
): Promise<Result> {
  const run = async (signal?: AbortSignal) => {
    await using session = await openOnCores(network, flags, { signal, metrics })
    return await work(session)
  }
  return transportOf(flags) === 'local' ? run() : interruptibly(leavesNothing, run)
}
