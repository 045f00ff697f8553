import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { AntidromeError, RunError } from '../../events/errors.js'
import type { JsonValue } from '../../rendezvous/json-value.js'
import type { Lease } from '../../rendezvous/lease.js'
import type { Rendezvous } from '../../rendezvous/rendezvous.js'
import { seal } from '../../rendezvous/seal.js'
import type { Link } from '../../streams/link.js'
import { createLink } from '../../streams/links/create-link.js'
import { COORDINATOR } from '../../streams/links/link-options.js'
import { isLoopback } from '../../streams/links/loopback.js'
import { systemClock } from '../../streams/system-clock.js'
import type { NoteCode } from '../cluster-options.js'
import { dialLink } from '../supervision/dial-link.js'
import { controlOptions } from '../supervision/link-plan.js'
import type { LinkSecrets } from '../supervision/link-secrets.js'
import type { Site } from '../supervision/site.js'
import type { ClusterSpec, DoorAddress } from '../supervision/worker-spec.js'
import {
  drawId,
  type EngageOrder,
  type SealedSpec,
  SUBJECTS,
  type WorkerOffer,
  type WorkerVersions,
} from './fleet-messages.js'
import { musterWorkers } from './muster.js'
import { readEngaged, readHostReport } from './read-messages.js'
import { createRemoteHost, type RemoteHost } from './remote-host.js'
import type { RunStamp } from './run-stamp.js'

/** How a session uses workers. */
export interface FleetOptions {
  readonly rendezvous: Rendezvous
  /** Processes that are wanted. */
  readonly processes: number
  /** For so many ms workers are waited for at the first start. */
  readonly wait: number
  /** Of the run, if another coordinator may take it over. */
  readonly lease?: Lease | undefined
  readonly versions: WorkerVersions
  readonly authorities?: string | undefined
  /** Links to workers that do not encrypt theirs are made all the same. */
  readonly insecure: boolean
  readonly onNote: (note: string, code: NoteCode) => void
  readonly signal?: AbortSignal | undefined
}

/** What one start spreads. */
export interface SitePlan {
  readonly spec: ClusterSpec
  readonly secrets: LinkSecrets
  /** Per process: the cores it holds. */
  deal(processes: number): readonly (readonly number[])[]
}

/** The workers of a session, start after start. */
export interface Fleet extends AsyncDisposable {
  /** Engages workers for a start; rejects when nothing of it is left. */
  openSite(plan: SitePlan): Promise<Site>
}

/** A run that has lost workers waits so many ms for at least one that is free. */
const SPARE_WAIT = 60_000
/** Those that know of an earlier start say so within so many ms. */
const FENCE_LIMIT = 500
/** A worker that has failed so often is taken last. */
const MOST_STRIKES = 2
/** Choices of workers within one start: those who refuse are not asked again. */
const MOST_CHOICES = 5

export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const { rendezvous, processes, wait, lease, versions, authorities, insecure, onNote, signal } = options
  const session = drawId(rendezvous.user)
  const run = lease?.name ?? randomUUID()
  const strikes = new Map<string, number>()
  let hosts: readonly RemoteHost[] = []
  let stamp: RunStamp = { run, epoch: lease?.epoch ?? 0, start: 0 }
  const reports = await rendezvous.answer(SUBJECTS.session(session), async (body) => {
    const { stamp: ended, host, end } = readHostReport(body)
    if (ended.start === stamp.start) hosts[host]?.markEnded(end)
    return {}
  })

  async function openSite({ spec, secrets, deal }: SitePlan): Promise<Site> {
    // Whoever took over the run must not be disturbed.
    await lease?.confirm()
    stamp = { ...stamp, start: stamp.start + 1 }
    const isFirst = stamp.start === 1
    if (!isFirst || stamp.epoch > 0) await fence()
    const refused = new Set<string>()
    for (let choice = 1; ; choice++) {
      const chosen = await musterWorkers(rendezvous, {
        most: processes,
        least: isFirst ? processes : 1,
        wait: isFirst ? wait : SPARE_WAIT,
        isTrusted: ({ id }) => !refused.has(id) && (strikes.get(id) ?? 0) < MOST_STRIKES,
        versions,
        now: systemClock().now,
        pause: (ms) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
      })
      const dealt = deal(chosen.length)
      const engagements = await Promise.allSettled(
        dealt.map((cores, host) =>
          engage(chosen[host] as WorkerOffer, host, {
            ...spec,
            cores: secrets.held(cores),
            mostLinks: cores.length * dealt.flat().length,
          }),
        ),
      )
      const engaged = engagements.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
      if (engaged.length === dealt.length) return siteOf(engaged, spec, secrets)
      for (const { host } of engaged) host.kill()
      await Promise.all(engaged.map(({ host }) => host.ended))
      const failures = engagements.flatMap((each, k) =>
        each.status === 'rejected' ? [{ offer: chosen[k] as WorkerOffer, host: k, error: each.reason as Error }] : [],
      )
      for (const { offer, host, error } of failures) {
        refused.add(offer.id)
        // An order that went unanswered may have been heard.
        createRemoteHost({ rendezvous, offer, stamp, host, cores: [], pid: -1 }).kill()
        onNote(
          `Worker ${offer.name} on ${offer.machine} was asked and is passed over: ${error.message}`,
          'WORKER_PASSED_OVER',
        )
      }
      if (choice === MOST_CHOICES) throw failures[0]?.error
    }
  }

  /** Processes of earlier starts end, also with workers that are not asked for any more. */
  async function fence(): Promise<void> {
    const asked = rendezvous.askAll(SUBJECTS.fence, stamp as unknown as JsonValue, { patience: FENCE_LIMIT })
    await asked.catch((error: unknown) => {
      // Else those that are not heard of any more would never be told.
      if (error instanceof AntidromeError && error.code === 'RENDEZVOUS_DENIED') throw error
    })
  }

  async function engage(offer: WorkerOffer, host: number, spec: SealedSpec) {
    const order: EngageOrder = {
      type: 'engage',
      stamp,
      session,
      host,
      sealed: await seal(JSON.stringify(spec), offer.sealKey),
    }
    const answer = await rendezvous.ask(SUBJECTS.worker(offer.id), order as unknown as JsonValue)
    const { door, pid } = readEngaged(answer)
    requireSecure(door, offer)
    const cores = spec.cores.map(({ core }) => core)
    return { door, host: createRemoteHost({ rendezvous, offer, stamp, host, cores, pid }), offer }
  }

  function siteOf(
    engaged: readonly Awaited<ReturnType<typeof engage>>[],
    spec: ClusterSpec,
    secrets: LinkSecrets,
  ): Site {
    hosts = engaged.map(({ host }) => host)
    for (const { host, offer } of engaged) {
      void host.ended.then(({ exitCode }) => {
        if (exitCode !== 0) strikes.set(offer.id, (strikes.get(offer.id) ?? 0) + 1)
      })
    }
    return {
      hosts,
      controls: engaged.flatMap(({ door, host }) => host.cores.map((core) => openControl(core, door, spec, secrets))),
      secrets,
      close: async () => undefined,
    }
  }

  async function openControl(core: number, door: DoorAddress, spec: ClusterSpec, secrets: LinkSecrets): Promise<Link> {
    const token = secrets.of(core, COORDINATOR)
    const call = { own: COORDINATOR, peer: core, secret: token, patience: spec.startLimit, authorities }
    const port = await dialLink(door, call)
    const link = createLink(port, controlOptions(spec, { role: 'dial', index: COORDINATOR, peers: [core], token }))
    await link.opened
    return link
  }

  /** What is told over such a link, secrets among it, everybody on its way would know. */
  function requireSecure({ url, security }: DoorAddress, { name, machine }: WorkerOffer): void {
    if (security !== null || insecure || isLoopback(new URL(url).hostname)) return
    throw new RunError({
      code: 'WORKER_INSECURE',
      message: `Worker ${name} on ${machine} does not encrypt the links to it, at ${url}.`,
      details: { worker: name, machine },
      remedy: 'Start it without --insecure, or accept that by --insecure here, too.',
    })
  }

  return { openSite, [Symbol.asyncDispose]: () => reports[Symbol.asyncDispose]() }
}
