import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { AntidromeError, RunError } from '../../events/errors.js'
import type { Lease } from '../../rendezvous/lease.js'
import type { NatsCarrier } from '../../rendezvous/nats-carrier.js'
import type { Rendezvous } from '../../rendezvous/rendezvous.js'
import { systemClock } from '../../streams/system-clock.js'
import { startWaiting } from '../../streams/waiting.js'
import type { NoteCode } from '../cluster-options.js'
import { isFoul } from '../supervision/choose-failure.js'
import type { ClusterSpec } from '../supervision/cluster-spec.js'
import { createDeferred } from '../supervision/deferred.js'
import { endControls } from '../supervision/end-controls.js'
import { interruptionOf } from '../supervision/interruption-of.js'
import type { Launcher } from '../supervision/launcher.js'
import { carriedBy, type LinkCarrier, SOCKETS } from '../supervision/links/link-carrier.js'
import type { LinkSecrets } from '../supervision/links/link-secrets.js'
import { createAwaitedEnds } from './awaited-ends.js'
import { discoverWorkers } from './discover-workers.js'
import { endEarlierStarts } from './end-earlier-starts.js'
import { dismissAll, type EngagedWorker, type EngagingOptions, engageWorker, whenOpened } from './engage-worker.js'
import { drawId, type SealedSpec, SUBJECTS, type WorkerOffer, type WorkerVersions } from './fleet-messages.js'
import type { OrderEpoch } from './order-epoch.js'
import { readCoreWorkerReport } from './read-messages.js'
import { releaseProcess } from './remote-core-worker.js'
import { createUnreachableWorkers, isUnreachable } from './unreachable-workers.js'

/** How a session uses workers. */
export interface FleetOptions {
  readonly rendezvous: Rendezvous
  /** Processes that are wanted. */
  readonly processes: number
  /** How long the first start waits for workers, in ms. */
  readonly wait: number
  /** Of the run, if another coordinator may take it over. */
  readonly lease?: Lease | undefined
  readonly versions: WorkerVersions
  readonly authorities?: string | undefined
  /** Carries links by way of the server; default: workers are dialled. */
  readonly nats?: NatsCarrier | null
  /** Dials workers, where no server carries links; default: by sockets. */
  readonly carrier?: Pick<LinkCarrier, 'dial'>
  /** Links to workers that do not encrypt theirs are made all the same. */
  readonly insecure: boolean
  readonly onNote: (note: string, code: NoteCode) => void
  readonly signal?: AbortSignal | undefined
  /** How long a run that has lost workers waits for at least one free worker, in ms; default a minute. */
  readonly spareWait?: number
  /**
   * Time in ms until a worker that cannot be dialled is dialled again, while the run waits for workers; default 5 s.
   */
  readonly redial?: number
  /** How long workers have to answer a roll call, in ms, before they are passed over; default 1,000. */
  readonly rollCall?: number | undefined
}

/** What one start spreads. */
export interface LaunchRequest {
  readonly spec: ClusterSpec
  readonly secrets: LinkSecrets
  /** Per process: the cores it holds. */
  deal(processes: number): readonly (readonly number[])[]
}

/** The workers of a session, start after start. */
export interface Fleet extends AsyncDisposable {
  /** Engages workers for a start; rejects when nothing of it is left. */
  openLauncher(request: LaunchRequest): Promise<Launcher>
}

/** In ms. */
const SPARE_WAIT = 60_000
/** Between two attempts to confirm a lease, in ms; each is patient itself. */
const CONFIRM_PAUSE = 500
/** A worker that has failed so often is taken last. */
const MOST_STRIKES = 2
/** Choices of workers within one start: those who refuse are not asked again. */
const MOST_CHOICES = 5

export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const { rendezvous, processes, wait, lease, versions, authorities, insecure, onNote, signal } = options
  const { spareWait = SPARE_WAIT, nats = null, rollCall } = options
  const { carrier = nats === null ? SOCKETS : carriedBy(nats) } = options
  const links = nats === null ? 'direct' : 'nats'
  const clock = systemClock()
  const session = drawId(rendezvous.user)
  const engaging: EngagingOptions = { rendezvous, session, authorities, carrier, insecure }
  const run = lease?.name ?? randomUUID()
  const strikes = new Map<string, number>()
  const unreachable = createUnreachableWorkers(options.redial)
  let isAway = false
  const watching = rendezvous.status$.subscribe(({ kind }) => {
    if (kind === 'disconnected' || kind === 'reconnected') isAway = kind === 'disconnected'
  })
  let starts = 0
  /** Ids of the workers of the latest start, and of all that are out of reach. */
  let engagedAt: ReadonlySet<string> = new Set()
  const lost = new Set<string>()
  let stamp: OrderEpoch = { run, epoch: lease?.epoch ?? 0, start: 0 }
  const ends = createAwaitedEnds((text) => onNote(text, 'REPORT_REFUSED'))
  const reports = await rendezvous.reply(SUBJECTS.session(session), async (body) => {
    ends.take(readCoreWorkerReport(body))
    return {}
  })

  async function openLauncher(request: LaunchRequest): Promise<Launcher> {
    const opening = open(request)
    if (signal === undefined) return opening
    const interrupted = createDeferred<'interrupted'>()
    const interrupt = () => interrupted.resolve('interrupted')
    signal.addEventListener('abort', interrupt, { once: true })
    if (signal.aborted) interrupt()
    try {
      const launcher = await Promise.race([opening, interrupted.promise]).catch((error: Error) => {
        if (!signal.aborted) throw error
        return 'interrupted' as const
      })
      if (launcher !== 'interrupted') return launcher
      opening.then(endControls, () => undefined)
      // Whatever has been ordered ends, also what has not come yet.
      await beginStart()
      throw interruptionOf(signal)
    } finally {
      signal.removeEventListener('abort', interrupt)
    }
  }

  async function engageAll({ spec, secrets, deal }: LaunchRequest, chosen: readonly WorkerOffer[], own: OrderEpoch) {
    const dealt = deal(chosen.length)
    const engagements = await Promise.allSettled(
      dealt.map((cores, host) =>
        engage(own, chosen[host] as WorkerOffer, host, {
          ...spec,
          cores: secrets.held(cores),
          mostLinks: cores.length * dealt.flat().length,
          links,
        }),
      ),
    )
    const engaged = engagements.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    const failures = engagements.flatMap((each, k) =>
      each.status === 'rejected' ? [{ offer: chosen[k] as WorkerOffer, host: k, error: each.reason as Error }] : [],
    )
    return { engaged, failures }
  }

  function passOver({ offer, host, error }: Failure, own: OrderEpoch): void {
    // An order without a reply may have been heard.
    void releaseProcess(rendezvous, offer.id, { stamp: own, host, force: true })
    const isKnown = isUnreachable(error) && !unreachable.putAside({ offer, error })
    if (isKnown) return
    const what = isUnreachable(error) ? 'is' : 'was asked and is'
    onNote(`Worker ${offer.name} on ${offer.machine} ${what} passed over: ${error.message}`, 'WORKER_PASSED_OVER')
  }

  async function open(request: LaunchRequest): Promise<Launcher> {
    const isFirst = ++starts === 1
    const [patience, least] = isFirst ? [wait, processes] : [spareWait, 1]
    await confirm(patience)
    using waiting = startWaiting(clock, patience)
    unreachable.begin(waiting)
    const refused = new Set<string>()
    const isTrusted = (offer: WorkerOffer) =>
      !refused.has(offer.id) && !unreachable.wasAside(offer) && (strikes.get(offer.id) ?? 0) < MOST_STRIKES
    for (let choice = 1; ; ) {
      signal?.throwIfAborted()
      const known = await beginStart()
      const chosen = await discoverWorkers(rendezvous, {
        most: processes,
        least,
        waiting,
        known: known ?? undefined,
        isTrusted,
        unreachable,
        isAway: () => isAway,
        ...{ stamp, endEarlier: fence, versions, links, pause, rollCall },
      })
      const own = stamp
      const { engaged, failures } = await engageAll(request, chosen, own)
      if (failures.length === 0 && signal?.aborted !== true) return launcherOf(engaged, request)
      await dismissAll(engaged)
      for (const failure of failures) passOver(failure, own)
      // Each of the others can be put aside once; so what they did is not counted.
      const refusals = failures.filter(({ error }) => !isUnreachable(error))
      for (const { offer } of refusals) refused.add(offer.id)
      if (refusals.length > 0) throwIfFinal(refusals, choice++)
    }
  }

  /** Raises an error if another coordinator leads the run by now, so that its workers are left alone. */
  async function confirm(patience: number): Promise<void> {
    using waiting = startWaiting(clock, patience)
    for (;;) {
      try {
        return await lease?.confirm()
      } catch (error) {
        if (codeOf(error) !== 'RENDEZVOUS_NO_ANSWER' || waiting.isOver) throw error
      }
      await pause(CONFIRM_PAUSE)
    }
  }

  async function pause(ms: number): Promise<void> {
    await setTimeout(ms, undefined, signal === undefined ? {} : { signal })
  }

  /**
   * Every choice of workers is a start of its own: what was ordered before it, and may still be on its way, is over.
   *
   * @param awaited ids of workers whose replies are waited for; default: those that the latest start has left
   * @returns number of workers that have replied meanwhile; null: none
   */
  async function beginStart(awaited?: ReadonlySet<string>): Promise<number | null> {
    stamp = { ...stamp, start: stamp.start + 1 }
    const survivors = new Set(awaited ?? [...engagedAt].filter((id) => !lost.has(id)))
    ends.begin(stamp)
    if (stamp.start === 1 && stamp.epoch === 0) return null
    const count = await fence(survivors)
    return count === 0 ? null : count
  }

  /** Processes of earlier starts end, see `endEarlierStarts`. */
  async function fence(expected: ReadonlySet<string>): Promise<number> {
    const heard = await endEarlierStarts(rendezvous, stamp, expected)
    for (const id of heard) lost.delete(id)
    return heard.size
  }

  function engage(
    stamp: OrderEpoch,
    offer: WorkerOffer,
    host: number,
    spec: Omit<SealedSpec, 'endSecret'>,
  ): Promise<EngagedWorker> {
    const { ended, secret } = ends.expect(host, offer)
    return engageWorker(engaging, { offer, stamp, host, spec: { ...spec, endSecret: secret }, ended })
  }

  function launcherOf(engaged: readonly EngagedWorker[], { secrets }: LaunchRequest): Launcher {
    engagedAt = new Set(engaged.map(({ offer }) => offer.id))
    for (const { coreWorker, offer } of engaged)
      void coreWorker.ended.then(({ isOutOfReach = false }) => {
        if (isOutOfReach) lost.add(offer.id)
      })
    return {
      coreWorkers: engaged.map(({ coreWorker }) => coreWorker),
      controls: engaged.flatMap(({ links }) => links.map(whenOpened)),
      secrets,
      async close(failure) {
        const core = failure instanceof RunError ? failure.details.core : undefined
        const failed = engaged.find(({ coreWorker }) => coreWorker.cores.some((held) => held === core))
        if (failed === undefined) return
        const { id } = failed.offer
        // What breaks may break by accident; what cannot be right is sent by none.
        const weight = failure instanceof RunError && isFoul(failure) ? MOST_STRIKES : 1
        strikes.set(id, (strikes.get(id) ?? 0) + weight)
      },
    }
  }

  return {
    openLauncher,
    async [Symbol.asyncDispose]() {
      watching.unsubscribe()
      // Workers that are back again have not heard that what they hold is over.
      if (lost.size > 0) await beginStart(lost).catch(() => undefined)
      await reports[Symbol.asyncDispose]()
    },
  }
}

/** A process that could not be had. */
interface Failure {
  readonly offer: WorkerOffer
  readonly host: number
  readonly error: Error
}

function codeOf(error: unknown): string | null {
  return error instanceof AntidromeError ? error.code : null
}

/** Who is fenced off has nothing more to choose, nor has who has chosen often enough. */
function throwIfFinal(failures: readonly { readonly error: Error }[], choice: number): void {
  const fenced = failures.find(({ error }) => codeOf(error) === 'WORKER_FENCED')
  if (fenced !== undefined) throw fenced.error
  if (choice === MOST_CHOICES) throw failures[0]?.error
}
