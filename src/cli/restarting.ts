import type { ClusterOptions } from '../actors/cluster-options.js'
import type { Restart } from '../actors/cluster-session.js'
import { TRANSPORTS } from '../actors/transport-table.js'
import { InputError } from '../events/errors.js'
import { inTermsOfFlags } from './in-terms-of-flags.js'
import { type TransportFlags, transportOf, wantedRestarts } from './open-on-cores.js'
import { type Listener, say } from './warn.js'

/** Raises `InputError` FLAG_CONFLICT where there is nothing that could be restarted. */
export function restartsOf(flags: TransportFlags): number {
  const transport = transportOf(flags)
  if (TRANSPORTS[transport].holder !== null) return wantedRestarts(flags)
  if ((flags.restarts ?? 0) === 0) return 0
  throw new InputError({
    code: 'FLAG_CONFLICT',
    field: '--restarts',
    found: `the flag beside --transport ${transport}`,
    expected: 'it only where cores are threads or processes',
    remedy: 'Leave it out, or give another --transport.',
  })
}

/** What a run does about cores that are lost, where there is nothing to say of what is done once more. */
export function restarting(
  flags: TransportFlags,
  terminal: Listener,
): Required<Pick<ClusterOptions, 'restarts' | 'onRestart'>> {
  const restarts = restartsOf(flags)
  return {
    restarts,
    onRestart: (restart) => say(terminal, `${describeNewStart(restart, restarts)}.`),
  }
}

/** What is said of a restart, for people. */
export function describeRestart({ number, reason, repeated }: Restart, limit: number): string {
  const back = repeated === 1 ? '1 mini-batch is' : `${repeated} mini-batches are`
  return `${describeNewStart({ number, reason }, limit)}; ${back} done once more.`
}

/** The same without what is repeated, and without an end. */
function describeNewStart({ number, reason }: Pick<Restart, 'number' | 'reason'>, limit: number): string {
  const which = limit === Number.POSITIVE_INFINITY ? `restart ${number}` : `restart ${number} of ${limit}`
  return `${inTermsOfFlags(reason).message} Restarting all cores (${which})`
}
