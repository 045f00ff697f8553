import type { JoinOptions } from '../../rendezvous/join-options.js'
import type { PortRange } from '../../streams/links/cannot-listen.js'
import type { SharedSettings } from '../computation-options.js'
import type { ModulePolicy } from '../modules/module-policy.js'

/** What everybody in a cluster knows before the first link is open. Plain data. */
export interface ClusterSpec extends SharedSettings {
  /** Hashes, as 32 hexadecimal digits: what both ends of a link must agree upon. */
  readonly structure: string
  readonly placement: string
  /** Largest payload of a frame, in bytes. */
  readonly maxFrame: number
  /**
   * A coordinator that sends nothing for this many ms counts as lost. A coordinator that is busy with other things
   * sends nothing, and on the same machine that is no reason to give it up: when it is gone, connections break and
   * threads end.
   */
  readonly coordinatorSilence: number
}

/** A core of a process or thread, and the secret of its link to the coordinator, which is handed over in private. */
export interface HeldCore {
  readonly core: number
  readonly secret: string
}

/** What a partition is sent when it starts. */
export interface PartitionSpec extends ClusterSpec, HeldCore {}

/** What a process or thread is sent when it starts. */
export interface CoreWorkerSpec extends ClusterSpec {
  readonly cores: readonly HeldCore[]
}

/** Where a process listens for others: at an address of its machine, at a Unix socket, or at a subject of a NATS server. */
export type ListenerSpec = AddressListener | { readonly path: string } | NatsListener

/** For links by way of a server, which both ends dial. */
export interface NatsListener {
  readonly nats: {
    /** That is this process's alone. */
    readonly subject: string
    readonly server: JoinOptions
  }
}

export interface AddressListener {
  /** Of an interface of this machine. */
  readonly host: string
  /** One, or the first free one of several; default: any that is free. */
  readonly port?: number | PortRange
  /** What others dial in place of the host and the port. */
  readonly advertise?: { readonly host: string; readonly port?: number }
  /** Default: links are not encrypted. */
  readonly security?: LinkSecurity
  /** Origins of web pages that may open links; default: none. */
  readonly allowOrigins?: readonly string[]
}

/** Where a process listens, without a path, and how links to it are encrypted; null: they are not. */
export interface ListenerAddress {
  readonly url: string
  readonly security: LinkSecurity['kind'] | null
}

/** How links are encrypted: with the secret that both ends share, or with a certificate of the one who listens. */
export type LinkSecurity =
  | { readonly kind: 'psk' }
  | { readonly kind: 'certificate'; readonly cert: string; readonly key: string }

/** A process also receives the address where it listens and that of the coordinator. */
export interface ProcessSpec extends CoreWorkerSpec {
  readonly door: ListenerSpec
  /** Number of peers that may wait there at a time. */
  readonly mostLinks: number
  /** Null: it is the coordinator who dials; the address of its listener is the first line that the process writes. */
  readonly coordinator: ListenerAddress | null
  /** Which modules tasks may come from; default: any. */
  readonly modules?: ModulePolicy
  /** Certificates, in PEM, of those who signed the certificates of others; default: those that the platform trusts. */
  readonly authorities?: string
}
