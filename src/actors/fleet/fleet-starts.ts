import { AntidromeError } from '../../events/errors.js'
import type { JsonValue } from '../../rendezvous/json-value.js'
import type { Rendezvous } from '../../rendezvous/rendezvous.js'
import { type AwaitedEnds, createAwaitedEnds } from './awaited-ends.js'
import type { EngagedWorker } from './engage-worker.js'
import { SUBJECTS } from './fleet-messages.js'
import type { OrderEpoch } from './order-epoch.js'

/** How long workers have to reply that an earlier start has ended, in ms. */
const FENCE_LIMIT = 500

/** The starts of a session. Every choice of workers is one: what was ordered before it, and may still be on its way, is over. */
export interface FleetStarts {
  /** Of the latest start. */
  readonly stamp: OrderEpoch
  /** Of the processes of the latest start. */
  readonly ends: AwaitedEnds
  /** Ids of the workers that are out of reach. */
  readonly lost: ReadonlySet<string>
  /**
   * Begins a start.
   *
   * @param awaited ids of workers whose replies are waited for; default: those that the latest start has left
   * @returns number of workers that have replied meanwhile; null: none
   */
  begin(awaited?: ReadonlySet<string>): Promise<number | null>
  /** Processes of starts before the latest one end; returns the number of workers that have replied. */
  endEarlier(expected: ReadonlySet<string>): Promise<number>
  /** These workers hold the processes of the latest start. */
  engaged(workers: readonly EngagedWorker[]): void
}

/** @param warn see `createAwaitedEnds` */
export function createFleetStarts(
  rendezvous: Rendezvous,
  first: OrderEpoch,
  warn: (text: string) => void,
): FleetStarts {
  const ends = createAwaitedEnds(warn)
  const lost = new Set<string>()
  let stamp = first
  let engagedIds: ReadonlySet<string> = new Set()

  async function endEarlier(expected: ReadonlySet<string>): Promise<number> {
    const heard = await endEarlierStarts(rendezvous, stamp, expected)
    for (const id of heard) lost.delete(id)
    return heard.size
  }

  return {
    get stamp() {
      return stamp
    },
    ends,
    lost,
    async begin(awaited) {
      stamp = { ...stamp, start: stamp.start + 1 }
      const survivors = new Set(awaited ?? [...engagedIds].filter((id) => !lost.has(id)))
      ends.begin(stamp)
      if (stamp.start === 1 && stamp.epoch === 0) return null
      const count = await endEarlier(survivors)
      return count === 0 ? null : count
    },
    endEarlier,
    engaged(workers) {
      engagedIds = new Set(workers.map(({ offer }) => offer.id))
      for (const { coreWorker, offer } of workers)
        void coreWorker.ended.then(({ isOutOfReach = false }) => {
          if (isOutOfReach) lost.add(offer.id)
        })
    },
  }
}

/**
 * Processes of starts before this one end, also with workers that are not asked for any more.
 *
 * @param expected ids of the workers to wait for
 * @returns ids of those that have replied: what they held has ended
 * @throws RunError RENDEZVOUS_DENIED
 */
async function endEarlierStarts(
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
