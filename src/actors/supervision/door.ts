import type { Link } from '../../streams/link.js'
import { createLink } from '../../streams/links/create-link.js'
import { type LinkOptions, nameOfLink, nameOfSide } from '../../streams/links/link-options.js'
import { type Arrival, type ListenOptions, listenForLinks } from '../../streams/links/websocket-listener.js'
import { createDeferred, type Deferred } from './deferred.js'
import { linkPath } from './link-path.js'
import type { PeerSecret } from './link-secrets.js'
import type { DoorAddress, DoorSpec } from './worker-spec.js'

/** A link that is to come: between whom, and what it is like. */
export interface Visit extends PeerSecret {
  readonly own: number
  optionsFor(refusal: NonNullable<LinkOptions['refusal']>): LinkOptions
}

/** The listener of a process, at which each link that is to come has a path of its own. */
export interface Door {
  readonly address: DoorAddress
  /** Resolves once both sides have agreed. */
  expect(visit: Visit): Promise<Link>
  /** Nobody more will be expected: once all are here, nobody else is let in. */
  seal(): void
  /** Lets nobody in any more; links live on. */
  close(): Promise<void>
}

/** A visit of which nobody knows yet whether it takes place. */
interface Expected {
  readonly visit: Visit
  readonly arrival: Deferred<Link>
  state: 'awaited' | 'greeted' | 'here'
}

/**
 * Listens for those who are expected; each may come once. Whoever else connects is turned away and disturbs nobody.
 *
 * @throws InputError PORT_IN_USE and its like, see `listenForLinks`
 */
export async function openDoor(spec: DoorSpec, options: ListenOptions): Promise<Door> {
  const visits = new Map<string, Expected>()
  let isSealed = false
  const secretOf = (link: string) => {
    const expected = [...visits.values()].find(({ visit }) => nameOf(visit) === link)
    return expected?.visit.secret ?? null
  }
  const listener = await listenForLinks({ ...options, ...placeOf(spec, secretOf), accepts: (path) => visits.has(path) })
  listener.ports$.subscribe(greet)
  return {
    address: { url: listener.address, security: 'path' in spec ? null : (spec.security?.kind ?? null) },
    expect(visit) {
      const arrival = createDeferred<Link>()
      visits.set(linkPath(visit.own, visit.peer), { visit, arrival, state: 'awaited' })
      return arrival.promise
    },
    seal() {
      isSealed = true
      shutIfComplete()
    },
    close: () => listener.close(),
  }

  function greet({ port, path, identity }: Arrival): void {
    const expected = visits.get(path)
    // Whoever knows the secret of another link has no business here.
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

const nameOf = ({ own, peer }: Visit) => nameOfLink(own, peer)

function placeOf(spec: DoorSpec, secretOf: (link: string) => string | null): Partial<ListenOptions> {
  if ('path' in spec) return { path: spec.path }
  const { security, ...place } = spec
  if (security === undefined) return place
  return { ...place, tls: security.kind === 'psk' ? { kind: 'psk', secretOf } : security }
}
