import { createDeferred, type Deferred } from '../../../events/deferred.js'
import type { Link } from '../../../streams/link.js'
import { createLink } from '../../../streams/links/create-link.js'
import { type LinkOptions, nameOfLink, nameOfSide } from '../../../streams/links/link-options.js'
import type { Arrival, ListenOptions } from '../../../streams/links/websocket-listener.js'
import type { ListenerAddress, ListenerSpec } from '../cluster-spec.js'
import { type LinkCarrier, SOCKETS } from './link-carrier.js'
import { linkPath } from './link-path.js'
import type { PeerSecret } from './link-secrets.js'

/** A link that is to come: between whom, and what it is like. */
interface Visit extends PeerSecret {
  readonly own: number
  optionsFor(refusal: NonNullable<LinkOptions['refusal']>): LinkOptions
}

/** The listener of a process, at which each link that is to come has a path of its own. */
export interface PeerListener {
  readonly address: ListenerAddress
  /** Resolves once both sides have agreed. */
  expect(visit: Visit): Promise<Link>
  /** From when it resolves on, all who are expected so far are let in. */
  ready(): Promise<void>
  /** The list of those who are expected is complete: once all have come, every other connection is refused. */
  seal(): void
  /** Refuses all further connections; links that are open stay open. */
  close(): Promise<void>
}

/** A visit that is expected and has not begun. */
interface Expected {
  readonly visit: Visit
  readonly arrival: Deferred<Link>
  state: 'awaited' | 'greeted' | 'here'
}

/**
 * Listens for the expected peers; each may connect once. Any other connection is refused and does not disturb the
 * peers.
 *
 * @param carrier has the sockets
 * @throws InputError PORT_IN_USE and its like, see `listenForLinks`
 */
export async function openPeerListener(
  spec: ListenerSpec,
  options: Pick<ListenOptions, 'patience' | 'maxPending'>,
  carrier: LinkCarrier = SOCKETS,
): Promise<PeerListener> {
  const visits = new Map<string, Expected>()
  const announced: Promise<void>[] = []
  let isSealed = false
  const listener = await carrier.listen({ ...options, ...spec })
  listener.ports$.subscribe(greet)
  return {
    address: { url: listener.address, security: securityOf(spec) },
    expect(visit) {
      const arrival = createDeferred<Link>()
      const path = linkPath(visit.own, visit.peer)
      visits.set(path, { visit, arrival, state: 'awaited' })
      const announcing = listener.expect({ path, identity: nameOf(visit), secret: visit.secret })
      announcing.catch(arrival.reject)
      announced.push(announcing)
      return arrival.promise
    },
    ready: async () => void (await Promise.all(announced)),
    seal() {
      isSealed = true
      shutIfComplete()
    },
    close: () => listener.close(),
  }

  function greet({ port, path, identity }: Arrival): void {
    const expected = visits.get(path)
    // The secret of one link does not open another.
    if (expected === undefined || (identity !== null && identity !== nameOf(expected.visit))) {
      port.abort()
      return
    }
    let isGuest = false
    const refusal = (peer: number) => {
      if (expected.state !== 'awaited') return `${nameOfSide(peer)} is here already`
      expected.state = 'greeted'
      isGuest = true
      return null
    }
    const link = createLink(port, expected.visit.optionsFor(refusal))
    link.messages$.subscribe({ error: () => undefined })
    link.opened.then(
      () => {
        expected.state = 'here'
        expected.arrival.resolve(link)
        shutIfComplete()
      },
      (error: Error) => {
        if (isGuest) expected.arrival.reject(error)
      },
    )
  }

  function shutIfComplete(): void {
    if (isSealed && [...visits.values()].every(({ state }) => state === 'here')) void listener.close()
  }
}

/** What goes by way of a server is sealed with the secret of its link. */
function securityOf(spec: ListenerSpec): ListenerAddress['security'] {
  if ('path' in spec) return null
  return 'nats' in spec ? 'psk' : (spec.security?.kind ?? null)
}

const nameOf = ({ own, peer }: Visit) => nameOfLink(own, peer)
