import type { Observable } from 'rxjs'
import type { Port } from '../streams/links/port.js'
import type { Arrival } from '../streams/links/websocket-listener.js'

/** The largest payload of a frame of links over NATS, in bytes: half of the maximum that servers accept by default. */
export const MOST_NATS_FRAME = 1 << 19
/** What the addresses of listeners begin with. */
export const NATS_SCHEME = 'nats:'

/** A link by its name, the path at which it is dialled, and what both ends know. */
export interface NatsLink {
  readonly path: string
  readonly identity: string
  /** In hexadecimal digits. */
  readonly secret: string
}

/** Waits for links at a subject. */
interface NatsListener {
  /** Such as nats:antidrome.link.5f2c */
  readonly address: string
  readonly ports$: Observable<Arrival>
  /** From when it resolves on, this link may be dialled. */
  expect(link: NatsLink): Promise<void>
  /** Takes no more links; those that there are live on. */
  close(): Promise<void>
}

/** Carries links by way of a NATS server, for those who cannot be dialled. Every frame is sealed with the secret of its link. */
export interface NatsCarrier {
  /** @param subject without another listener */
  listen(subject: string): Promise<NatsListener>
  /** @param url the address of a listener and the path of a link */
  dial(url: string, link: Pick<NatsLink, 'identity' | 'secret'>): Promise<Port>
  close(): Promise<void>
}
