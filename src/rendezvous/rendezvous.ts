import type { Observable } from 'rxjs'
import type { ObjectBucket } from '../storage/checkpoint/object-bucket.js'
import type { JsonValue } from './json-value.js'
import type { Lease, LeaseHolder } from './lease.js'

/** Where processes of many machines find each other. */
export interface Rendezvous extends AsyncDisposable {
  /** For people: the server it is connected to, without credentials. */
  readonly server: string
  /** This machine's address as the server sees it; null: unknown. */
  readonly seenAs: string | null
  /** What stands for this user in subjects that it alone may listen at: letters, digits, - and _. */
  readonly user: string
  /** What happens to the connection, for logs; hot, completes with the rendezvous. */
  readonly status$: Observable<RendezvousStatus>

  /**
   * All replies that come within `patience` ms; resolves earlier when `enough` holds. Empty without a reply; replies
   * that are errors are left out.
   *
   * @throws RunError RENDEZVOUS_DENIED, RENDEZVOUS_CLOSED, RENDEZVOUS_TOO_LARGE
   */
  requestAll(subject: string, body: JsonValue, options: RequestAllOptions): Promise<readonly JsonValue[]>

  /**
   * One reply; requested again with the same id until it comes or the patience is used up. Raises what the other side raised.
   *
   * @throws RunError RENDEZVOUS_NO_ANSWER (names subject and tries), RENDEZVOUS_DENIED, RENDEZVOUS_CLOSED,
   *   RENDEZVOUS_TOO_LARGE, RENDEZVOUS_MALFORMED
   */
  request(subject: string, body: JsonValue): Promise<JsonValue>

  /**
   * Replies to whatever is requested at a subject, once per id: a repeated request gets the reply it got. An error goes to the
   * one who requested it. Nothing is taken any more when the result is disposed; what has been taken still gets its reply.
   *
   * @throws RunError RENDEZVOUS_NO_ANSWER, RENDEZVOUS_DENIED, RENDEZVOUS_CLOSED
   */
  reply(subject: string, take: (body: JsonValue) => Promise<JsonValue>): Promise<AsyncDisposable>

  /**
   * Takes the lease of a name; of one whose holder gives no sign of life for one lease time, too.
   *
   * @throws RunError LEASE_HELD (names the holder and its machine), LEASE_BUCKET_UNFIT, RENDEZVOUS_NO_ANSWER,
   *   RENDEZVOUS_DENIED, RENDEZVOUS_CLOSED, JOIN_NO_JETSTREAM
   */
  takeLease(name: string, holder: LeaseHolder): Promise<Lease>

  /**
   * Epoch of the lease of a name as the server knows it now; null: it has no holder, or it was given back. A holder
   * that died counts until another process has taken the lease.
   */
  epochOf(name: string): Promise<number | null>

  /**
   * What the clock of the server says, in ms since 1970; null: it does not tell this user, or keeps no leases.
   *
   * @throws RunError RENDEZVOUS_NO_ANSWER, RENDEZVOUS_CLOSED
   */
  serverTime(): Promise<number | null>

  /** @throws RunError BUCKET_MISSING, JOIN_NO_JETSTREAM, STORE_UNREACHABLE, STORE_DENIED */
  bucket(name: string): Promise<ObjectBucket>

  /**
   * Makes a bucket of at most `maxBytes` bytes, on disk. Runs never make one.
   *
   * @throws RunError BUCKET_EXISTS, JOIN_NO_JETSTREAM, STORE_FULL, STORE_UNREACHABLE, STORE_DENIED
   */
  makeBucket(name: string, maxBytes: number): Promise<ObjectBucket>
}

export interface RequestAllOptions {
  /** In ms. */
  readonly patience: number
  readonly enough?: (replies: readonly JsonValue[]) => boolean
}

/** What happens to a rendezvous that people may want to know of. */
export type RendezvousStatus =
  | { readonly kind: 'disconnected'; readonly server: string }
  | { readonly kind: 'reconnected'; readonly server: string }
  /** The server does not let this user do something. */
  | { readonly kind: 'denied'; readonly operation: 'publish' | 'subscribe'; readonly subject: string }
  /** Sign of life of a lease that could not be given; it is tried again. */
  | { readonly kind: 'lease-unrenewed'; readonly lease: string; readonly reason: string }
  | { readonly kind: 'lease-renewed'; readonly lease: string }
