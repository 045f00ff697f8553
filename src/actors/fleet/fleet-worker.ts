import type { JsonValue } from '../../rendezvous/json-value.js'
import { createEngagements, type EngagementsOptions } from './engagements.js'
import { createEpochGuards, createFirstOrders, fenced } from './epoch-guards.js'
import { type Engaged, type EngageOrder, SUBJECTS, type WorkerOffer } from './fleet-messages.js'
import { isLater, type OrderEpoch } from './order-epoch.js'
import { readOrder, readOrderEpoch } from './read-messages.js'

/** What a worker is and has. */
export interface FleetWorkerOptions extends EngagementsOptions {
  /** What changes from moment to moment. */
  readonly condition: () => Pick<WorkerOffer, 'hardwareThreads' | 'load' | 'freeMemory' | 'clock' | 'uptime'>
}

/** Serves run after run until it leaves. */
export interface FleetWorker {
  /** What it says of itself at the moment. */
  offer(): WorkerOffer
  /** Takes no more runs; resolves when those that it has are over. */
  leave(): Promise<void>
  /** Ends what it holds, and leaves. */
  stop(): Promise<void>
}

/** Starts to serve; resolves when coordinators can find this worker. */
export async function openFleetWorker(options: FleetWorkerOptions): Promise<FleetWorker> {
  const { rendezvous, identity, condition, slots, listenerOf, sealKeys, onEvent } = options
  const engagements = createEngagements(options)
  const fences = createEpochGuards()
  const firstOrders = createFirstOrders<Engaged>()
  const logged = refusalLog(onEvent)
  const replies = await Promise.all([
    rendezvous.reply(SUBJECTS.roll, async () => toJson(offer())),
    rendezvous.reply(SUBJECTS.fence, async (body) => {
      const stamp = logged(null, () => readOrderEpoch(body))
      await logged(stamp, () => raise(stamp))
      return { id: identity.id }
    }),
    rendezvous.reply(SUBJECTS.worker(identity.id), obey),
  ])

  function offer(): WorkerOffer {
    return {
      ...identity,
      ...condition(),
      slots,
      taken: engagements.taken(),
      isLeaving: engagements.isLeaving,
      isDialled: listenerOf !== null,
      sealKey: sealKeys.publicKey,
    }
  }

  async function obey(body: JsonValue): Promise<JsonValue> {
    const order = logged(null, () => readOrder(body))
    return logged(order.stamp, async () => {
      if (order.type === 'engage') return toJson(await engage(order))
      if (order.type === 'release') engagements.release(order)
      return {}
    })
  }

  /** Whatever belongs to earlier starts of the run ends now. */
  async function raise(stamp: OrderEpoch): Promise<void> {
    const known = fences.latest(stamp.run)
    if (stamp.epoch > (known?.epoch ?? 0)) await requireLease(stamp)
    fences.raise(stamp)
    await engagements.fence(stamp)
  }

  /**
   * The coordinator that leads a run holds its lease. An epoch that the store does not know is rejected; otherwise any
   * sender could shut the run out of its workers.
   */
  async function requireLease(stamp: OrderEpoch): Promise<void> {
    const epoch = await rendezvous.epochOf(stamp.run)
    if (epoch !== stamp.epoch) throw fenced(stamp, epoch === null ? null : { epoch })
  }

  async function engage(order: EngageOrder): Promise<Engaged> {
    const { stamp, host } = order
    await raise(stamp)
    const latest = fences.latest(stamp.run)
    // Another one may have come while earlier processes ended.
    if (latest !== null && isLater(latest, stamp)) throw fenced(stamp, latest)
    return firstOrders.take(stamp, host, () => engagements.engage(order))
  }

  async function leave(): Promise<void> {
    await engagements.leave()
    await Promise.all(replies.map((reply) => reply[Symbol.asyncDispose]()))
  }

  return {
    offer,
    leave,
    stop() {
      const left = leave()
      engagements.kill()
      return left
    },
  }
}

/** Carries out orders; a refusal is an event, too. */
function refusalLog(onEvent: FleetWorkerOptions['onEvent']) {
  return <Result>(stamp: OrderEpoch | null, obey: () => Result): Result => {
    const refuse = (error: Error): never => {
      onEvent({ type: 'refused', stamp, error })
      throw error
    }
    try {
      const result = obey()
      return result instanceof Promise ? (result.catch(refuse) as Result) : result
    } catch (error) {
      return refuse(error as Error)
    }
  }
}

function toJson(value: unknown): JsonValue {
  return value as JsonValue
}
