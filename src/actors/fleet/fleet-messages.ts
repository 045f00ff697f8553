import { randomUUID } from 'node:crypto'
import type { CoreWorkerSpec, ListenerAddress } from '../supervision/cluster-spec.js'
import type { CoreWorkerEnd } from '../supervision/failure-report.js'
import type { OrderEpoch } from './order-epoch.js'

/** Subjects of a rendezvous at which coordinators and workers speak to each other. */
export const SUBJECTS = {
  /** Coordinators ask who is there; every worker replies with its `WorkerOffer`. */
  roll: 'antidrome.workers',
  /** Coordinators tell of a stamp; every worker that hears it refuses those before, and replies with its id. */
  fence: 'antidrome.fence',
  /** Orders to one worker. */
  worker: (id: string) => `antidrome.worker.${id}`,
  /** Workers report to the coordinator of a session. */
  session: (id: string) => `antidrome.session.${id}`,
  /** Links to a process of a worker, by way of the server. */
  links: (worker: string, process: string) => `antidrome.link.${worker}.${process}`,
} as const

/** An id of a worker or session that begins with its user, so that no other user need be let to listen at its subject. */
export function drawId(user: string): string {
  return `${user}.${randomUUID()}`
}

/** What decides whether processes of two machines can compute together. */
export interface WorkerVersions {
  /** Of the package; for people, and equal. */
  readonly antidrome: string
  readonly protocol: number
  readonly arithmetic: number
}

/** What a worker says of itself. */
export interface WorkerOffer {
  /** Drawn when it started, see `drawId`. */
  readonly id: string
  /** For people: what it was called, or its machine. */
  readonly name: string
  readonly machine: string
  readonly pid: number
  /** Processes that it holds at most; each has one or more cores of a run. */
  readonly slots: number
  readonly taken: readonly TakenSlot[]
  /** It takes no more runs, and leaves when those that it has are over. */
  readonly isLeaving: boolean
  /** Others reach it at an address; else by way of a server alone. */
  readonly isDialled: boolean
  readonly versions: WorkerVersions
  readonly hardwareThreads: number
  /** Of the last minute, per hardware thread. */
  readonly load: number
  /** In bytes. */
  readonly freeMemory: number
  /** Public key to which orders are sealed. */
  readonly sealKey: string
  /** In ms since 1970, by its own clock. */
  readonly clock: number
  /** In s since it started. */
  readonly uptime: number
}

/** A worker of another version, of which no more may be understood. */
export type Stranger = Pick<WorkerOffer, 'id' | 'name' | 'versions'>

export interface TakenSlot {
  readonly run: string
  readonly epoch: number
  readonly cores: readonly number[]
  /** Process id. */
  readonly pid: number
}

/** What a coordinator asks of one worker. */
export type WorkerOrder = EngageOrder | ReleaseOrder | LookOrder

/** A process for cores of a run is wanted; the reply is an `Engaged`. */
export interface EngageOrder {
  readonly type: 'engage'
  readonly stamp: OrderEpoch
  /** Of the coordinator's session, to which the end of the process is reported. */
  readonly session: string
  /** Number of the process within the start. */
  readonly host: number
  /** A `SealedSpec` for this worker's eyes alone. */
  readonly sealed: string
}

/** A process is to end, by itself or at once; the reply is empty. */
export interface ReleaseOrder {
  readonly type: 'release'
  readonly stamp: OrderEpoch
  readonly host: number
  readonly force: boolean
}

/** A link to a process of the start has broken: is its worker still there? The reply is empty. */
export interface LookOrder {
  readonly type: 'look'
  readonly stamp: OrderEpoch
}

/** How links find their way: to addresses of workers, or by way of the server where everybody meets. */
export type LinkWay = 'direct' | 'nats'

/** The part of a process's specification that the coordinator decides about. */
export type SealedSpec = CoreWorkerSpec & {
  readonly mostLinks: number
  readonly links: LinkWay
  /** What the report of the process's end has to show: only the worker that can open the seal knows it. */
  readonly endSecret: string
}

/** A process is there, and waits for the coordinator. */
export interface Engaged {
  readonly door: ListenerAddress
  readonly pid: number
}

/** What a worker tells a session of its own accord. */
export interface CoreWorkerReport {
  readonly type: 'ended'
  readonly stamp: OrderEpoch
  readonly host: number
  /** See `SealedSpec`. */
  readonly secret: string
  readonly end: CoreWorkerEnd
}
