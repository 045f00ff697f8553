import type { KernelKind } from '../../dynamics/kernel-kind.js'

/** What everybody in a cluster knows before the first link is open. Plain data. */
export interface ClusterSpec {
  /** Proves that a peer belongs here; handed over in private. */
  readonly token: string
  /** Hashes, as 32 hexadecimal digits: what both ends of a link must agree upon. */
  readonly structure: string
  readonly placement: string
  readonly seed: number
  readonly kernel: KernelKind
  /** Threads of each process or thread that share the work of its kernels. */
  readonly threads: number
  /** Every partition counts what its components do. */
  readonly metrics: boolean
  /** Every partition records what it does when. */
  readonly trace: boolean
  /** After so many ms without a word a peer counts as lost. */
  readonly silence: number
  /** A word is sent at least so often, in ms. */
  readonly heartbeat: number
  /** Time for everybody to become ready, in ms; nobody waits longer for a connection. */
  readonly startLimit: number
}

/** What a partition is told when it starts. */
export interface WorkerSpec extends ClusterSpec {
  readonly core: number
}

/** What a process or thread is told when it starts. */
export interface HostSpec extends ClusterSpec {
  /** Those it holds. */
  readonly cores: readonly number[]
}

/** Where processes find each other: at an address of this machine, or at Unix sockets in a folder of their own. */
export type MeetingPlace = { readonly host: string } | { readonly folder: string }

/** A process is told, beyond this, where the coordinator listens and where it may listen itself. */
export interface ProcessSpec extends HostSpec {
  readonly coordinator: string
  readonly place: MeetingPlace
}
