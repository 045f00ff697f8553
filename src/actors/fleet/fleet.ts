import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { createDeferred } from '../../events/deferred.js'
import { AntidromeError, RunError } from '../../events/errors.js'
import type { Lease } from '../../rendezvous/lease.js'
import type { NatsCarrier } from '../../rendezvous/nats-carrier.js'
import type { Rendezvous } from '../../rendezvous/rendezvous.js'
import { systemClock } from '../../streams/system-clock.js'
import { startWaiting } from '../../streams/waiting.js'
import type { NoteCode } from '../cluster-options.js'
import { isFoul } from '../supervision/choose-failure.js'
import type { ClusterSpec } from '../supervision/cluster-spec.js'
import { endControls } from '../supervision/end-controls.js'
import { interruptionOf } from '../supervision/interruption-of.js'
import type { Launcher } from '../supervision/launcher.js'
import { carriedBy, type LinkCarrier, SOCKETS } from '../supervision/links/link-carrier.js'
import type { LinkSecrets } from '../supervision/links/link-secrets.js'
import { discoverWorkers } from './discover-workers.js'
import {
  dismissAll,
  type EngagedWorker,
  type EngagingOptions,
  engageAll,
  type FailedEngagement,
  whenOpened,
} from './engage-worker.js'
import { drawId, type LinkWay, SUBJECTS, type WorkerOffer, type WorkerVersions } from './fleet-messages.js'
import { createFleetStarts, type FleetStarts } from './fleet-starts.js'
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
  const { rendezvous, lease, onNote, signal } = options
  const session = drawId(rendezvous.user)
  const first: OrderEpoch = { run: lease?.name ?? randomUUID(), epoch: lease?.epoch ?? 0, start: 0 }
  const starts = createFleetStarts(rendezvous, first, (text) => onNote(text, 'REPORT_REFUSED'))
  const presence = watchPresence(rendezvous)
  const open = createOpening(options, session, starts, presence.isAway)
  const reports = await rendezvous.reply(SUBJECTS.session(session), async (body) => {
    starts.ends.take(readCoreWorkerReport(body))
    return {}
  })
  return {
    // On an interruption everything that has been ordered ends, also processes that have not started yet.
    openLauncher: (request) => untilInterrupted(open(request), signal, () => starts.begin()),
    async [Symbol.asyncDispose]() {
      presence.stop()
      // Workers that are back again have not heard that what they hold is over.
      if (starts.lost.size > 0) await starts.begin(starts.lost).catch(() => undefined)
      await reports[Symbol.asyncDispose]()
    },
  }
}

/** Whether the server is out of reach at the moment. */
function watchPresence({ status$ }: Rendezvous) {
  let isAway = false
  const watching = status$.subscribe(({ kind }) => {
    if (kind === 'disconnected' || kind === 'reconnected') isAway = kind === 'disconnected'
  })
  return { isAway: () => isAway, stop: () => watching.unsubscribe() }
}

/**
 * A launcher that is being opened, or the reason of an interruption: then the launcher is closed as soon as it is open.
 *
 * @param interrupted called on an interruption, before it is raised
 */
async function untilInterrupted(
  opening: Promise<Launcher>,
  signal: AbortSignal | undefined,
  interrupted: () => Promise<unknown>,
): Promise<Launcher> {
  if (signal === undefined) return opening
  const interruption = createDeferred<'interrupted'>()
  const interrupt = () => interruption.resolve('interrupted')
  signal.addEventListener('abort', interrupt, { once: true })
  if (signal.aborted) interrupt()
  try {
    const launcher = await Promise.race([opening, interruption.promise]).catch((error: Error) => {
      if (!signal.aborted) throw error
      return 'interrupted' as const
    })
    if (launcher !== 'interrupted') return launcher
    opening.then(endControls, () => undefined)
    await interrupted()
    throw interruptionOf(signal)
  } finally {
    signal.removeEventListener('abort', interrupt)
  }
}

/** Opens launchers: chooses workers until all that were chosen hold their processes. */
function createOpening(
  options: FleetOptions,
  session: string,
  starts: FleetStarts,
  isAway: () => boolean,
): (request: LaunchRequest) => Promise<Launcher> {
  const { rendezvous, processes, wait, versions, onNote, signal, spareWait = SPARE_WAIT, nats, rollCall } = options
  const links = nats == null ? 'direct' : 'nats'
  const { authorities, insecure, carrier = nats == null ? SOCKETS : carriedBy(nats) } = options
  const engaging: EngagingOptions = { rendezvous, session, authorities, carrier, insecure }
  const strikes = createStrikes()
  const unreachable = createUnreachableWorkers(options.redial)
  const pause = async (ms: number): Promise<void> => {
    await setTimeout(ms, undefined, signal === undefined ? {} : { signal })
  }
  let opened = 0

  function passOver({ offer, host, error }: FailedEngagement, stamp: OrderEpoch): void {
    // An order without a reply may have been heard.
    void releaseProcess(rendezvous, offer.id, { stamp, host, force: true })
    const isKnown = isUnreachable(error) && !unreachable.putAside({ offer, error })
    if (isKnown) return
    const what = isUnreachable(error) ? 'is' : 'was asked and is'
    onNote(`Worker ${offer.name} on ${offer.machine} ${what} passed over: ${error.message}`, 'WORKER_PASSED_OVER')
  }

  return async (request) => {
    const isFirst = ++opened === 1
    const [patience, least] = isFirst ? [wait, processes] : [spareWait, 1]
    await confirm(options.lease, patience, pause)
    using waiting = startWaiting(systemClock(), patience)
    unreachable.begin(waiting)
    const refused = new Set<string>()
    const isTrusted = (offer: WorkerOffer) =>
      !refused.has(offer.id) && !unreachable.wasAside(offer) && !strikes.isTakenLast(offer)
    for (let choice = 1; ; ) {
      signal?.throwIfAborted()
      const known = await starts.begin()
      const chosen = await discoverWorkers(rendezvous, {
        ...{ most: processes, least, waiting, known: known ?? undefined, isTrusted, unreachable, isAway },
        ...{ stamp: starts.stamp, endEarlier: starts.endEarlier, versions, links, pause, rollCall },
      })
      const { stamp, ends } = starts
      const { engaged, failures } = await engageAll(engaging, { stamp, ends }, wantedOf(chosen, request, links))
      if (failures.length === 0 && signal?.aborted !== true) {
        starts.engaged(engaged)
        return launcherOf(engaged, request.secrets, strikes)
      }
      await dismissAll(engaged)
      for (const failure of failures) passOver(failure, stamp)
      // Each of the others can be put aside once; so what they did is not counted.
      const refusals = failures.filter(({ error }) => !isUnreachable(error))
      for (const { offer } of refusals) refused.add(offer.id)
      if (refusals.length > 0) throwIfFinal(refusals, choice++)
    }
  }
}

/** Raises an error if another coordinator leads the run by now, so that its workers are left alone. */
async function confirm(
  lease: Lease | undefined,
  patience: number,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  using waiting = startWaiting(systemClock(), patience)
  for (;;) {
    try {
      return await lease?.confirm()
    } catch (error) {
      if (codeOf(error) !== 'RENDEZVOUS_NO_ANSWER' || waiting.isOver) throw error
    }
    await pause(CONFIRM_PAUSE)
  }
}

/** The processes of a start, one for each of the chosen workers. */
function wantedOf(chosen: readonly WorkerOffer[], { spec, secrets, deal }: LaunchRequest, links: LinkWay) {
  const dealt = deal(chosen.length)
  const count = dealt.flat().length
  return dealt.map((cores, host) => ({
    offer: chosen[host] as WorkerOffer,
    spec: { ...spec, cores: secrets.held(cores), mostLinks: cores.length * count, links },
  }))
}

/** How often workers have failed a run. */
interface Strikes {
  isTakenLast(worker: WorkerOffer): boolean
  /** A run has failed for a reason that a worker may be the cause of. */
  count(failure: unknown, engaged: readonly EngagedWorker[]): void
}

function createStrikes(): Strikes {
  const strikes = new Map<string, number>()
  return {
    isTakenLast: ({ id }) => (strikes.get(id) ?? 0) >= MOST_STRIKES,
    count(failure, engaged) {
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

function launcherOf(engaged: readonly EngagedWorker[], secrets: LinkSecrets, strikes: Strikes): Launcher {
  return {
    coreWorkers: engaged.map(({ coreWorker }) => coreWorker),
    controls: engaged.flatMap(({ links }) => links.map(whenOpened)),
    secrets,
    async close(failure) {
      strikes.count(failure, engaged)
    },
  }
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
