import type { Link } from '../../streams/link.js'
import { createLink } from '../../streams/links/create-link.js'
import type { LinkOptions } from '../../streams/links/link-options.js'
import type { LinkListener } from '../../streams/links/websocket-listener.js'
import { createDeferred } from './deferred.js'

/** The links of those who were expected and have come. */
export interface ExpectedPeers {
  /** Resolves once both sides have agreed. */
  from(peer: number): Promise<Link>
}

/** Who is to come, and what their links are like. */
export interface Expectation {
  readonly peers: readonly number[]
  optionsFor(peers: readonly number[], refusal: NonNullable<LinkOptions['refusal']>): LinkOptions
}

/**
 * Waits at a listener for peers; each may come once.
 *
 * Whoever else connects is turned away and disturbs nobody; once all are here, nobody more is let in.
 */
export function acceptPeers(listener: LinkListener, { peers, optionsFor }: Expectation): ExpectedPeers {
  const expected = new Map(peers.map((peer) => [peer, createDeferred<Link>()]))
  const missing = new Set(peers)
  const here = new Set<number>()
  listener.ports$.subscribe(({ port }) => {
    let guest: number | null = null
    const refusal = (peer: number) => {
      if (!missing.delete(peer)) return `core ${peer} is here already`
      guest = peer
      return null
    }
    const link = createLink(port, optionsFor(peers, refusal))
    link.messages$.subscribe({ error: () => undefined })
    link.opened.then(
      () => {
        if (guest === null) return
        expected.get(guest)?.resolve(link)
        here.add(guest)
        if (here.size === peers.length) void listener.close()
      },
      (error: Error) => {
        if (guest !== null) expected.get(guest)?.reject(error)
      },
    )
  })
  if (peers.length === 0) void listener.close()
  return {
    async from(peer) {
      const arrival = expected.get(peer)
      if (arrival === undefined) throw new RangeError(`core ${peer} is not expected`)
      return arrival.promise
    },
  }
}
