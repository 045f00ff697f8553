import { randomUUID } from 'node:crypto'
import { createDeferred } from '../../events/deferred.js'
import { RunError } from '../../events/errors.js'
import type { JoinOptions } from '../../rendezvous/join-options.js'
import type { JsonValue } from '../../rendezvous/json-value.js'
import type { Rendezvous } from '../../rendezvous/rendezvous.js'
import type { SealKeys } from '../../rendezvous/seal.js'
import { systemClock } from '../../streams/system-clock.js'
import { startWaiting } from '../../streams/waiting.js'
import type { WorkerModules } from '../modules/module-policy.js'
import type { AddressListener, ListenerAddress, NatsListener, ProcessSpec } from '../supervision/cluster-spec.js'
import type { CoreWorker } from '../supervision/core-worker.js'
import type { CoreWorkerEnd } from '../supervision/failure-report.js'
import { launchProcess } from '../supervision/launch-process.js'
import {
  type CoreWorkerReport,
  type Engaged,
  type EngageOrder,
  type ReleaseOrder,
  SUBJECTS,
  type TakenSlot,
  type WorkerOffer,
} from './fleet-messages.js'
import { describeOrderEpoch, isLater, isSameStart, type OrderEpoch } from './order-epoch.js'
import { readSealedSpec } from './read-messages.js'
import type { WorkerEvent } from './worker-event.js'

export interface EngagementsOptions {
  readonly rendezvous: Rendezvous
  readonly identity: Pick<WorkerOffer, 'id' | 'name' | 'machine' | 'pid' | 'versions'>
  /** Processes at a time. */
  readonly slots: number
  /** Where the process of a slot listens; null: no other machine could dial it. */
  readonly listenerOf: ((slot: number) => AddressListener) | null
  /** Where links go that are not dialled. */
  readonly server: JoinOptions
  readonly authorities?: string | undefined
  /** Folder below which the files of data sets may be read; default: none. */
  readonly data?: string | undefined
  /** Folder of the modules of users that may be loaded; default: none. */
  readonly modules?: string | undefined
  readonly sealKeys: SealKeys
  readonly onEvent: (event: WorkerEvent) => void
  /** Starts a process; default: one of this machine. */
  readonly launch?: (spec: ProcessSpec) => Pick<CoreWorker, 'id' | 'ended' | 'dismiss' | 'terminate' | 'kill'> & {
    readonly door: Promise<ListenerAddress | null>
  }
}

/** The processes that a worker holds for runs, one per slot. */
export interface Engagements {
  readonly isLeaving: boolean
  taken(): readonly TakenSlot[]
  /**
   * Starts a process; resolves when it listens.
   *
   * @throws RunError WORKER_BUSY, WORKER_NOT_DIALLED, WORKER_START_FAILED
   */
  engage(order: EngageOrder): Promise<Engaged>
  /** Ends the processes of earlier starts of the run; resolves when they are gone. */
  fence(stamp: OrderEpoch): Promise<void>
  release(order: ReleaseOrder): void
  kill(): void
  /** Takes no more; resolves when the last one has ended and its coordinator knows. */
  leave(): Promise<void>
}

/** A process that is held for a run. */
interface Engagement {
  readonly stamp: OrderEpoch
  readonly host: number
  readonly session: string
  readonly endSecret: string
  readonly slot: number
  readonly cores: readonly number[]
  readonly process: ReturnType<NonNullable<EngagementsOptions['launch']>>
}

/** Time that a process has to end by itself after it was asked to, in ms. */
const RELEASE_LIMIT = 2000

export function createEngagements(options: EngagementsOptions): Engagements {
  const { rendezvous, identity, slots, onEvent } = options
  const engagements = new Set<Engagement>()
  /** Those that were ended for a later start of their run. */
  const fencedBy = new WeakMap<Engagement, OrderEpoch>()
  const idle = createDeferred<void>()
  const reports = createReports(rendezvous, onEvent)
  let isLeaving = false

  async function engage(order: EngageOrder): Promise<Engaged> {
    const slot = isLeaving ? null : freeSlot(engagements, slots)
    if (slot === null) throw busy(identity, slots, isLeaving ? null : engagements)
    const engagement = startProcess(options, order, slot)
    const { stamp, cores, process } = engagement
    engagements.add(engagement)
    void process.ended.then((end) => over(engagement, end))
    const address = await process.door.catch((error: Error) => {
      process.kill()
      throw error
    })
    if (address === null) throw startFailed(identity, cores, await process.ended)
    onEvent({ type: 'engaged', stamp, slot, cores, pid: process.id })
    return { door: address, pid: process.id }
  }

  function over(engagement: Engagement, reached: CoreWorkerEnd): void {
    const { stamp, host, session, endSecret: secret, slot, cores, process } = engagement
    engagements.delete(engagement)
    const later = fencedBy.get(engagement)
    const end =
      later === undefined
        ? reached
        : { ...reached, lastWords: `Its worker ended it, for ${describeOrderEpoch(later)}.` }
    onEvent({ type: 'ended', stamp, slot, cores, pid: process.id, end })
    reports.send(session, { type: 'ended', stamp, host, secret, end })
    if (isLeaving && engagements.size === 0) idle.resolve()
  }

  async function fence(stamp: OrderEpoch): Promise<void> {
    const outdated = [...engagements].filter(({ stamp: own }) => own.run === stamp.run && isLater(stamp, own))
    for (const engagement of outdated) {
      const { stamp: own, slot, cores, process } = engagement
      onEvent({ type: 'fenced', stamp: own, by: stamp, slot, cores, pid: process.id })
      fencedBy.set(engagement, stamp)
      process.kill()
    }
    await Promise.all(outdated.map(({ process }) => process.ended))
  }

  function release({ stamp, host, force }: ReleaseOrder): void {
    for (const { stamp: own, host: number, process } of engagements) {
      if (!isSameStart(own, stamp) || number !== host) continue
      if (force) process.kill()
      else endGently(process)
    }
  }

  return {
    get isLeaving() {
      return isLeaving
    },
    taken: () =>
      [...engagements].map(({ stamp: { run, epoch }, cores, process: { id: pid } }) => ({ run, epoch, cores, pid })),
    engage,
    fence,
    release,
    kill() {
      for (const { process } of engagements) process.kill()
    },
    async leave() {
      isLeaving = true
      if (engagements.size === 0) idle.resolve()
      await idle.promise
      // Else their coordinators would wait for them.
      await reports.sent()
    },
  }
}

function freeSlot(engagements: ReadonlySet<Engagement>, slots: number): number | null {
  const taken = new Set([...engagements].map(({ slot }) => slot))
  for (let slot = 0; slot < slots; slot++) if (!taken.has(slot)) return slot
  return null
}

/** Starts the process of an order. */
function startProcess(
  { identity, listenerOf, server, authorities, data, modules, sealKeys, launch = launchProcess }: EngagementsOptions,
  { stamp, host, session, sealed }: EngageOrder,
  slot: number,
): Engagement {
  const { mostLinks, links, endSecret, ...spec } = readSealedSpec(sealKeys.open(sealed))
  const door = links === 'nats' ? natsListener(identity.id, server) : listenerOf?.(slot)
  if (door === undefined) throw notDialled(identity)
  const policy: WorkerModules = { kind: 'own', data, modules }
  const process = launch({
    ...spec,
    mostLinks,
    modules: policy,
    door,
    coordinator: null,
    ...(authorities === undefined ? {} : { authorities }),
  })
  const cores = spec.cores.map(({ core }) => core)
  return { stamp, host, session, endSecret, slot, cores, process }
}

/** A subject of its own for each process, so that late messages of an earlier one reach none. */
function natsListener(worker: string, server: JoinOptions): NatsListener {
  return { nats: { subject: SUBJECTS.links(worker, randomUUID()), server } }
}

/** Reports of ended processes, on their way to coordinators. */
function createReports(rendezvous: Rendezvous, onEvent: EngagementsOptions['onEvent']) {
  const reports = new Set<Promise<void>>()
  return {
    send(session: string, answer: CoreWorkerReport): void {
      const sending = rendezvous
        .request(SUBJECTS.session(session), answer as unknown as JsonValue)
        .then(
          () => undefined,
          (error: Error) => onEvent({ type: 'unreported', stamp: answer.stamp, error }),
        )
        .finally(() => reports.delete(sending))
      reports.add(sending)
    },
    /** Resolves when all of them have arrived, or cannot. */
    async sent(): Promise<void> {
      await Promise.all(reports)
    },
  }
}

function endGently(process: Engagement['process']): void {
  process.terminate()
  const waiting = startWaiting(systemClock(), RELEASE_LIMIT, () => process.kill())
  void process.ended.then(waiting[Symbol.dispose])
}

/** @param engagements those that hold all slots; null: the worker takes no more */
function busy(
  { name }: EngagementsOptions['identity'],
  slots: number,
  engagements: ReadonlySet<Engagement> | null,
): RunError {
  const runs = [...(engagements ?? [])].map(({ stamp }) => describeOrderEpoch(stamp)).join('; ')
  return new RunError({
    code: 'WORKER_BUSY',
    message:
      engagements === null
        ? `Worker ${name} is about to leave.`
        : `Worker ${name} has no free slot: ${slots} of ${slots} are taken (${runs}).`,
    details: { worker: name, slots },
  })
}

function notDialled({ name, machine }: EngagementsOptions['identity']): RunError {
  return new RunError({
    code: 'WORKER_NOT_DIALLED',
    message: `Worker ${name} on ${machine} has no address at which others reach it.`,
    details: { worker: name, machine },
    remedy: 'Start it with --listen or --advertise, or let links go by way of NATS with --transport nats.',
  })
}

function startFailed(
  { name }: EngagementsOptions['identity'],
  cores: readonly number[],
  { exitCode, signal, lastWords }: CoreWorkerEnd,
): RunError {
  const manner = signal ?? `exit code ${exitCode}`
  return new RunError({
    code: 'WORKER_START_FAILED',
    message: `Worker ${name} could not start a process for cores ${cores.join(', ')}: ${manner}. ${lastWords}`,
    details: { worker: name },
  })
}
