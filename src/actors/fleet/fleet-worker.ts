import { randomUUID } from 'node:crypto'
import { RunError } from '../../events/errors.js'
import type { JoinOptions } from '../../rendezvous/join-options.js'
import type { JsonValue } from '../../rendezvous/json-value.js'
import type { Rendezvous } from '../../rendezvous/rendezvous.js'
import type { SealKeys } from '../../rendezvous/seal.js'
import type { OwnModules } from '../modules/module-policy.js'
import type { AddressDoor, DoorAddress, NatsDoor, ProcessSpec } from '../supervision/cluster-spec.js'
import type { CoreWorker } from '../supervision/core-worker.js'
import { createDeferred } from '../supervision/deferred.js'
import type { CoreWorkerEnd } from '../supervision/failure-report.js'
import { launchProcess } from '../supervision/launch-process.js'
import { createFences, fenced } from './fences.js'
import { createFirstOrders } from './first-orders.js'
import {
  type CoreWorkerReport,
  type Engaged,
  type EngageOrder,
  type ReleaseOrder,
  SUBJECTS,
  type TakenSlot,
  type WorkerOffer,
} from './fleet-messages.js'
import { readOrder, readSealedSpec, readStamp } from './read-messages.js'
import { describeStamp, isLater, isSameStart, type RunStamp } from './run-stamp.js'

/** What happens at a worker, for its log. */
export type WorkerEvent =
  | {
      readonly type: 'engaged'
      readonly stamp: RunStamp
      readonly slot: number
      readonly cores: readonly number[]
      readonly pid: number
    }
  | {
      readonly type: 'ended'
      readonly stamp: RunStamp
      readonly slot: number
      readonly cores: readonly number[]
      readonly pid: number
      readonly end: CoreWorkerEnd
    }
  | {
      readonly type: 'fenced'
      readonly stamp: RunStamp
      /** The later start of the run, for which the process is ended. */
      readonly by: RunStamp
      readonly slot: number
      readonly cores: readonly number[]
      readonly pid: number
    }
  | { readonly type: 'refused'; readonly stamp: RunStamp | null; readonly error: Error }
  | { readonly type: 'unreported'; readonly stamp: RunStamp; readonly error: Error }

/** What a worker is and has. */
export interface FleetWorkerOptions {
  readonly rendezvous: Rendezvous
  readonly identity: Pick<WorkerOffer, 'id' | 'name' | 'machine' | 'pid' | 'versions'>
  /** What changes from moment to moment. */
  readonly condition: () => Pick<WorkerOffer, 'hardwareThreads' | 'load' | 'freeMemory' | 'clock' | 'uptime'>
  /** Processes at a time. */
  readonly slots: number
  /** Where the process of a slot listens; null: no other machine could dial it. */
  readonly doorOf: ((slot: number) => AddressDoor) | null
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
    readonly door: Promise<DoorAddress | null>
  }
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

/** A process that is held for a run. */
interface Engagement {
  readonly stamp: RunStamp
  readonly host: number
  readonly session: string
  readonly slot: number
  readonly cores: readonly number[]
  readonly process: ReturnType<NonNullable<FleetWorkerOptions['launch']>>
}

/** A process that is told to end by itself does so within so many ms. */
const RELEASE_LIMIT = 2000

/** Starts to serve; resolves when coordinators can find this worker. */
export async function openFleetWorker(options: FleetWorkerOptions): Promise<FleetWorker> {
  const {
    rendezvous,
    identity,
    condition,
    slots,
    doorOf,
    server,
    authorities,
    data,
    modules,
    sealKeys,
    onEvent,
    launch = launchProcess,
  } = options
  const fences = createFences()
  const engagements = new Set<Engagement>()
  const firstOrders = createFirstOrders<Engaged>()
  /** Those that were ended for a later start of their run. */
  const fencedBy = new WeakMap<Engagement, RunStamp>()
  const idle = createDeferred<void>()
  /** On their way to coordinators. */
  const reports = new Set<Promise<void>>()
  let isLeaving = false
  const replies = await Promise.all([
    rendezvous.reply(SUBJECTS.roll, async () => toJson(offer())),
    rendezvous.reply(SUBJECTS.fence, async (body) => {
      const stamp = logged(null, () => readStamp(body))
      await logged(stamp, () => raise(stamp))
      return { id: identity.id }
    }),
    rendezvous.reply(SUBJECTS.worker(identity.id), obey),
  ])

  function offer(): WorkerOffer {
    const taken = [...engagements].map(
      ({ stamp: { run, epoch }, cores, process: { id: pid } }): TakenSlot => ({ run, epoch, cores, pid }),
    )
    return {
      ...identity,
      ...condition(),
      slots,
      taken,
      isLeaving,
      isDialled: doorOf !== null,
      sealKey: sealKeys.publicKey,
    }
  }

  async function obey(body: JsonValue): Promise<JsonValue> {
    const order = logged(null, () => readOrder(body))
    return logged(order.stamp, async () => {
      if (order.type === 'engage') return toJson(await engage(order))
      if (order.type === 'release') release(order)
      return {}
    })
  }

  /** Does what an order says, or tells the log why not. */
  function logged<Result>(stamp: RunStamp | null, obey: () => Result): Result {
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

  /** Whatever belongs to earlier starts of the run ends now. */
  async function raise(stamp: RunStamp): Promise<void> {
    const known = fences.latest(stamp.run)
    if (stamp.epoch > (known?.epoch ?? 0)) await requireLease(stamp)
    fences.raise(stamp)
    const outdated = [...engagements].filter(({ stamp: own }) => own.run === stamp.run && isLater(stamp, own))
    for (const engagement of outdated) {
      const { stamp: own, slot, cores, process } = engagement
      onEvent({ type: 'fenced', stamp: own, by: stamp, slot, cores, pid: process.id })
      fencedBy.set(engagement, stamp)
      process.kill()
    }
    await Promise.all(outdated.map(({ process }) => process.ended))
  }

  /**
   * Whoever leads a run holds its lease: an epoch that the store does not know is believed of nobody, or anybody could shut
   * the run out of its workers.
   */
  async function requireLease(stamp: RunStamp): Promise<void> {
    const epoch = await rendezvous.epochOf(stamp.run)
    if (epoch !== stamp.epoch) throw fenced(stamp, epoch === null ? null : { epoch })
  }

  async function engage(order: EngageOrder): Promise<Engaged> {
    const { stamp, host } = order
    await raise(stamp)
    const latest = fences.latest(stamp.run)
    // Another one may have come while earlier processes ended.
    if (latest !== null && isLater(latest, stamp)) throw fenced(stamp, latest)
    return firstOrders.take(stamp, host, () => engageFirst(order))
  }

  async function engageFirst({ stamp, host, session, sealed }: EngageOrder): Promise<Engaged> {
    const slot = freeSlot()
    if (slot === null) throw busy()
    const { mostLinks, links, ...spec } = readSealedSpec(sealKeys.open(sealed))
    const door = links === 'nats' ? natsDoor() : doorOf?.(slot)
    if (door === undefined) throw notDialled()
    const policy: OwnModules = { kind: 'own', data, modules }
    const process = launch({
      ...spec,
      mostLinks,
      modules: policy,
      door,
      coordinator: null,
      ...(authorities === undefined ? {} : { authorities }),
    })
    const cores = spec.cores.map(({ core }) => core)
    const engagement: Engagement = { stamp, host, session, slot, cores, process }
    engagements.add(engagement)
    void process.ended.then((end) => over(engagement, end))
    const address = await process.door.catch((error: Error) => {
      process.kill()
      throw error
    })
    if (address === null) throw startFailed(cores, await process.ended)
    onEvent({ type: 'engaged', stamp, slot, cores, pid: process.id })
    return { door: address, pid: process.id }
  }

  function over(engagement: Engagement, reached: CoreWorkerEnd): void {
    const { stamp, host, session, slot, cores, process } = engagement
    engagements.delete(engagement)
    const later = fencedBy.get(engagement)
    const end =
      later === undefined ? reached : { ...reached, lastWords: `Its worker ended it, for ${describeStamp(later)}.` }
    onEvent({ type: 'ended', stamp, slot, cores, pid: process.id, end })
    const report: CoreWorkerReport = { type: 'ended', stamp, host, end }
    const telling = rendezvous
      .request(SUBJECTS.session(session), toJson(report))
      .then(
        () => undefined,
        (error: Error) => onEvent({ type: 'unreported', stamp, error }),
      )
      .finally(() => reports.delete(telling))
    reports.add(telling)
    if (isLeaving && engagements.size === 0) idle.resolve()
  }

  function release({ stamp, host, force }: ReleaseOrder): void {
    for (const { stamp: own, host: number, process } of engagements) {
      if (!isSameStart(own, stamp) || number !== host) continue
      if (force) process.kill()
      else endGently(process)
    }
  }

  function endGently(process: Engagement['process']): void {
    process.terminate()
    const timer = setTimeout(() => process.kill(), RELEASE_LIMIT)
    void process.ended.then(() => clearTimeout(timer))
  }

  function freeSlot(): number | null {
    if (isLeaving) return null
    const taken = new Set([...engagements].map(({ slot }) => slot))
    for (let slot = 0; slot < slots; slot++) if (!taken.has(slot)) return slot
    return null
  }

  /** A subject of its own for each process, so that late messages of an earlier one reach none. */
  function natsDoor(): NatsDoor {
    return { nats: { subject: SUBJECTS.links(identity.id, randomUUID()), server } }
  }

  function notDialled(): RunError {
    const { name, machine } = identity
    return new RunError({
      code: 'WORKER_NOT_DIALLED',
      message: `Worker ${name} on ${machine} has no address at which others reach it.`,
      details: { worker: name, machine },
      remedy: 'Start it with --listen or --advertise, or let links go by way of NATS with --transport nats.',
    })
  }

  function busy(): RunError {
    const { name } = identity
    const runs = [...engagements].map(({ stamp }) => describeStamp(stamp)).join('; ')
    return new RunError({
      code: 'WORKER_BUSY',
      message: isLeaving
        ? `Worker ${name} is about to leave.`
        : `Worker ${name} has no free slot: ${slots} of ${slots} are taken (${runs}).`,
      details: { worker: name, slots },
    })
  }

  function startFailed(cores: readonly number[], { exitCode, signal, lastWords }: CoreWorkerEnd): RunError {
    const manner = signal ?? `exit code ${exitCode}`
    return new RunError({
      code: 'WORKER_START_FAILED',
      message: `Worker ${identity.name} could not start a process for cores ${cores.join(', ')}: ${manner}. ${lastWords}`,
      details: { worker: identity.name },
    })
  }

  async function leave(): Promise<void> {
    isLeaving = true
    if (engagements.size === 0) idle.resolve()
    await idle.promise
    // Else their coordinators would wait for them.
    await Promise.all(reports)
    await Promise.all(replies.map((reply) => reply[Symbol.asyncDispose]()))
  }

  return {
    offer,
    leave,
    stop() {
      const left = leave()
      for (const { process } of engagements) process.kill()
      return left
    },
  }
}

function toJson(value: unknown): JsonValue {
  return value as JsonValue
}
