import type { Link } from '../link.js'
import { completeLimits } from './link-limits.js'
import type { LinkOptions } from './link-options.js'
import { LinkProtocol } from './link-protocol.js'
import type { Port } from './port.js'

/** A link that knows the number of its peer. */
export interface NumberedLink extends Link {
  /** Null until the peer has introduced itself, unless only one was expected. */
  readonly peerIndex: number | null
}

/**
 * Makes a link of a port without another receiver; from here on the port belongs to the link.
 *
 * Two sides that do not fit, frames that cannot be right, and a peer that is silent or gone end it with a `LinkError`.
 *
 * @throws InputError LINK_LIMIT_OUT_OF_RANGE
 */
export function createLink(port: Port, options: LinkOptions): NumberedLink {
  const protocol = new LinkProtocol(port, options, completeLimits(options.limits ?? {}))
  protocol.start()
  return {
    get name() {
      return protocol.name
    },
    get peer() {
      return protocol.peer
    },
    get peerIndex() {
      return protocol.peerIndex
    },
    get unheard() {
      return protocol.unheard
    },
    opened: protocol.opened.promise,
    messages$: protocol.messages$,
    writable$: protocol.writable$,
    sent: protocol.sent,
    received: protocol.received,
    send: (message) => protocol.send(message),
    credit: (stream) => protocol.credit(stream),
    release: (stream) => protocol.release(stream),
    watch: () => protocol.watch(),
    beat: () => protocol.beat(),
    flushed: () => port.flushed(),
    fail: (error) => protocol.giveUp(error),
    close: () => protocol.close(),
  }
}
