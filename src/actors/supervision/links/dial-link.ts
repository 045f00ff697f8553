import { nameOfLink, nameOfSide } from '../../../streams/links/link-options.js'
import type { Port } from '../../../streams/links/port.js'
import type { DialTls } from '../../../streams/links/websocket-tls.js'
import type { ListenerAddress } from '../cluster-spec.js'
import { type LinkCarrier, SOCKETS } from './link-carrier.js'
import { linkUrl } from './link-path.js'
import type { PeerSecret } from './link-secrets.js'

/** A link to be dialled: from whom and to whom, with the secret of both. */
export interface Call extends PeerSecret {
  readonly own: number
  /** Longest time in ms until the connection stands. */
  readonly patience: number
  /** Certificates in PEM of those who may have signed the other side's; default: those that the platform trusts. */
  readonly authorities?: string | undefined
}

/**
 * Opens the connection of a link at the listener of its other side.
 *
 * @param carrier has the sockets
 */
export function dialLink(
  listener: ListenerAddress,
  { own, peer, secret, patience, authorities }: Call,
  carrier: Pick<LinkCarrier, 'dial'> = SOCKETS,
): Promise<Port> {
  const link = nameOfLink(own, peer)
  const tls = tlsOf()
  return carrier.dial(linkUrl(listener.url, peer, own), {
    patience,
    link,
    peer: nameOfSide(peer),
    ...(tls === null ? {} : { tls }),
  })

  function tlsOf(): DialTls | null {
    if (listener.security === null) return null
    if (listener.security === 'psk') return { kind: 'psk', identity: link, secret }
    return authorities === undefined ? { kind: 'certificate' } : { kind: 'certificate', ca: authorities }
  }
}
