import { hostname } from 'node:os'
import { readAddresses } from '../../../rendezvous/join-address.js'
import type { JoinOptions } from '../../../rendezvous/join-options.js'
import { openRendezvous } from '../../../rendezvous/open-rendezvous.js'
import type { BucketWishes } from '../doctor-flags.js'
import type { SelfCheck } from '../self-check.js'
import { attempt } from './attempt.js'
import { checkBucket, checkLeases, makeBucket } from './bucket-checks.js'
import { JOIN_LIMITS, type JoinLimits } from './join-limits.js'
import { checkServer } from './server-checks.js'
import { checkWorkers } from './worker-checks.js'

/**
 * Looks at everything that a run on the workers of a server relies on, as the user of the options. Each check ends, and
 * none raises: what goes wrong is what it found.
 *
 * Raises `InputError` JOIN_URL_INVALID.
 */
export async function runJoinChecks(
  join: JoinOptions,
  { place, made, dial = false }: BucketWishes,
  limits: JoinLimits = JOIN_LIMITS,
): Promise<readonly SelfCheck[]> {
  const checks: SelfCheck[] = []
  let isAnybodyThere = false
  for (const address of readAddresses(join.servers)) {
    const { isThere, checks: found } = await checkServer(address, join.tls, limits.greeting)
    checks.push(...found)
    isAnybodyThere ||= isThere
  }
  if (!isAnybodyThere) return checks
  const joined = await attempt('join', 'a server that lets this user in', () =>
    openRendezvous({ ...join, name: `doctor on ${hostname()}` }, limits.numbers),
  )
  if ('failure' in joined) return [...checks, joined.failure]
  await using rendezvous = joined.result
  const { server, user } = rendezvous
  checks.push({ check: 'join', ok: true, found: `${server}, as ${user}`, expected: 'a server that lets this user in' })
  if (made !== null) checks.push(await makeBucket(rendezvous, made))
  if (made !== null || place !== null) checks.push(...(await checkLeases(rendezvous)))
  if (place !== null) checks.push(await checkBucket(rendezvous, place.bucket))
  const dialling = dial ? { authorities: join.tls?.ca, limit: limits.dial } : null
  return [...checks, ...(await checkWorkers(rendezvous, limits, dialling))]
}
