import { AntidromeError } from '../../events/errors.js'
import type { JsonValue } from '../../rendezvous/json-value.js'
import type { Rendezvous } from '../../rendezvous/rendezvous.js'
import { SUBJECTS } from './fleet-messages.js'
import type { OrderEpoch } from './order-epoch.js'

/** How long workers have to reply that an earlier start has ended, in ms. */
const FENCE_LIMIT = 500

/**
 * Processes of starts before this one end, also with workers that are not asked for any more.
 *
 * @param expected ids of the workers to wait for
 * @returns ids of those that have replied: what they held has ended
 * @throws RunError RENDEZVOUS_DENIED
 */
export async function endEarlierStarts(
  rendezvous: Rendezvous,
  stamp: OrderEpoch,
  expected: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const heardIn = (replies: readonly JsonValue[]) =>
    new Set(replies.flatMap((reply) => (reply as { readonly id?: string } | null)?.id ?? []))
  const enough = (replies: readonly JsonValue[]) => {
    const heard = heardIn(replies)
    return expected.size > 0 && [...expected].every((id) => heard.has(id))
  }
  const order = stamp as unknown as JsonValue
  const asked = rendezvous.requestAll(SUBJECTS.fence, order, { patience: FENCE_LIMIT, enough })
  const replies = await asked.catch((error: unknown) => {
    // Without this right no worker that is out of reach would ever receive the order.
    if (error instanceof AntidromeError && error.code === 'RENDEZVOUS_DENIED') throw error
    return []
  })
  return heardIn(replies)
}
