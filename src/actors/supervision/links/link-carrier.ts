import { InternalError } from '../../../events/errors.js'
import { NATS_SCHEME, type NatsCarrier } from '../../../rendezvous/nats-carrier.js'
import { openNatsCarrier } from '../../../rendezvous/open-nats-carrier.js'
import type { Port } from '../../../streams/links/port.js'
import { type DialOptions, dialWebsocket } from '../../../streams/links/websocket-dial.js'
import { type LinkListener, type ListenOptions, listenForLinks } from '../../../streams/links/websocket-listener.js'
import { type LinkTls, requireKey } from '../../../streams/links/websocket-tls.js'
import type { LinkSecurity, NatsListener } from '../cluster-spec.js'

/** Opens connections for links, in this thread or in another one. What it is given is plain data. */
export interface LinkCarrier {
  /** Raises what `listenForLinks` does. */
  listen(options: GuestOptions): Promise<GuestListener>
  /** Raises what `dialWebsocket` does. */
  dial(url: string, options: DialOptions): Promise<Port>
}

export interface GuestOptions extends Omit<ListenOptions, 'accepts' | 'tls'>, Partial<NatsListener> {
  /** Default: links are not encrypted. */
  readonly security?: LinkSecurity
}

/** A peer that will dial. */
export interface Guest {
  /** Of the URL that is dialled. */
  readonly path: string
  /** Name of the link, and its secret in hexadecimal digits, where secrets encrypt. */
  readonly identity: string
  readonly secret: string
}

/** A listener that knows who will come. */
export interface GuestListener extends LinkListener {
  /** From when it resolves on, this guest is let in. */
  expect(guest: Guest): Promise<void>
}

/** Sockets of this thread. */
export const SOCKETS: LinkCarrier = { listen: listenForGuests, dial: dialWebsocket }

/** Sockets of this thread, and links by way of the NATS server at which it listens. */
export function createCarrier(): LinkCarrier {
  let carrying: Promise<NatsCarrier> | null = null
  return {
    async listen({ nats, ...options }) {
      if (nats === undefined) return SOCKETS.listen(options)
      carrying ??= openNatsCarrier(nats.server)
      return (await carrying).listen(nats.subject)
    },
    async dial(url, options) {
      if (!url.startsWith(NATS_SCHEME)) return SOCKETS.dial(url, options)
      if (carrying === null) throw new InternalError(`${url} is dialled without a server.`)
      return carriedBy(await carrying).dial(url, options)
    },
  }
}

/** Links that are dialled by way of a server. */
export function carriedBy(nats: NatsCarrier): Pick<LinkCarrier, 'dial'> {
  return {
    async dial(url, { tls }) {
      if (tls?.kind !== 'psk') throw new InternalError(`${url} is dialled without the secret of its link.`)
      return nats.dial(url, tls)
    },
  }
}

async function listenForGuests({ security, ...options }: GuestOptions): Promise<GuestListener> {
  const paths = new Set<string>()
  const secrets = new Map<string, string>()
  const secretOf = (identity: string) => secrets.get(identity) ?? null
  const listener = await listenForLinks({
    ...options,
    ...(security === undefined ? {} : { tls: tlsOf(security, secretOf) }),
    accepts: (path) => paths.has(path),
  })
  return {
    ...listener,
    async expect({ path, identity, secret }) {
      if (security?.kind === 'psk') requireKey(identity, secret)
      secrets.set(identity, secret)
      paths.add(path)
    },
  }
}

function tlsOf(security: LinkSecurity, secretOf: (identity: string) => string | null): LinkTls {
  return security.kind === 'psk' ? { kind: 'psk', secretOf } : security
}
