import { setImmediate } from 'node:timers/promises'
import type { NatsConnection } from '@nats-io/transport-node'
import { Subject } from 'rxjs'
import { InputError, RunError } from '../../events/errors.js'
import type { Port } from '../../streams/links/port.js'
import type { Arrival } from '../../streams/links/websocket-listener.js'
import { denied } from '../failures.js'
import type { JoinOptions } from '../join-options.js'
import { MOST_NATS_FRAME, NATS_SCHEME, type NatsCarrier, type NatsLink } from '../nats-carrier.js'
import type { RendezvousStatus } from '../rendezvous.js'
import { RENDEZVOUS_NUMBERS } from '../rendezvous-numbers.js'
import { connectNats } from './connect-nats.js'
import { createFrameSeal, SEAL_BYTES } from './frame-seal.js'
import { watchConnection } from './nats-connection.js'
import { createNatsPort, type NatsPort } from './nats-port.js'

/** Of a frame, its header, its kind and its seal. */
const AROUND_A_FRAME = 64 + SEAL_BYTES

/**
 * Connects to the server that carries links. What it loses shows as a gap in a link; a server that is away for good ends
 * them as broken.
 *
 * @throws what `openRendezvous` throws; RunError JOIN_PAYLOAD_SMALL for a server that takes no frames of `MOST_NATS_FRAME`
 */
export async function carryOverNats(options: JoinOptions): Promise<NatsCarrier> {
  const { connection } = await connectNats({ ...options, name: 'links' }, RENDEZVOUS_NUMBERS)
  const most = connection.info?.max_payload ?? 0
  if (most < MOST_NATS_FRAME + AROUND_A_FRAME) {
    await connection.close()
    throw payloadSmall(most)
  }
  const open = createEnds(connection)

  return {
    async listen(subject) {
      const ports$ = new Subject<Arrival>()
      const waiting = new Set<NatsPort>()
      return {
        address: `${NATS_SCHEME}${subject}`,
        ports$: ports$.asObservable(),
        async expect({ path, ...link }) {
          const place = subjectOf(subject, path)
          const port = await open(link, `${place}.in`, `${place}.out`)
          waiting.add(port)
          // A peer may come at any time: the handshake shows whether it knows the secret.
          ports$.next({ port: admitting(port, () => waiting.delete(port)), path, identity: link.identity })
        },
        async close() {
          ports$.complete()
          for (const port of waiting) port.abort()
        },
      }
    },
    async dial(url, link) {
      const [subject = '', ...path] = url.slice(NATS_SCHEME.length).split('/')
      if (!url.startsWith(NATS_SCHEME) || path.length === 0)
        throw new InputError({ code: 'URL_INVALID', field: 'url', found: `"${url}"`, expected: 'nats:subject/path' })
      const place = subjectOf(subject, `/${path.join('/')}`)
      return open(link, `${place}.out`, `${place}.in`)
    },
    close: () => connection.close(),
  }
}

/** A port, and the subjects at which it hears and speaks. */
interface NatsEnd {
  readonly port: NatsPort
  readonly subjects: readonly string[]
}

/**
 * Opens one end: messages of the other one come at the subject `from`, and those of this one go to `to`.
 *
 * @throws RunError RENDEZVOUS_DENIED where the server does not let this user
 */
type OpenEnd = (link: Pick<NatsLink, 'identity' | 'secret'>, from: string, to: string) => Promise<NatsPort>

/** The ends over one connection: they end with it, or when the server denies one of their subjects. */
function createEnds(connection: NatsConnection): OpenEnd {
  const ends = new Set<NatsEnd>()
  const denials = new Map<string, RunError>()
  void connection.closed().then((error) => {
    for (const { port } of ends) port.lose(`the connection to NATS ended${error ? `: ${error.message}` : ''}`)
  })
  const status$ = new Subject<RendezvousStatus>()
  status$.subscribe((status) => {
    if (status.kind !== 'denied') return
    const { operation, subject } = status
    const denial = denied(operation, subject)
    denials.set(subject, denial)
    for (const { port, subjects } of ends) if (subjects.includes(subject)) port.lose(denial.message)
  })
  void watchConnection({ connection, server: connection.getServer(), status$ })

  return async ({ identity, secret }, from, to) => {
    const subscription = connection.subscribe(from, {
      callback(error, { data }) {
        if (error === null) port.take(data)
      },
    })
    const port = createNatsPort({
      own: createFrameSeal(secret, `${identity} ${to}`),
      other: createFrameSeal(secret, `${identity} ${from}`),
      publish: (sealed) => publishOn(connection, to, sealed),
      flush: () => connection.flush(),
      onEnd() {
        ends.delete(end)
        if (!connection.isClosed()) subscription.unsubscribe()
      },
    })
    const end: NatsEnd = { port, subjects: [from, to] }
    ends.add(end)
    // An empty message is ignored by the peer, but shows whether the server allows sending.
    publishOn(connection, to, new Uint8Array())
    await connection.flush()
    // Objections come before the reply, and are reported in their own turn of the event loop.
    await setImmediate()
    const denial = denials.get(from) ?? denials.get(to)
    if (denial === undefined) return port
    port.abort()
    throw denial
  }
}

/** A port that tells when its other end has shown who it is. */
function admitting(port: NatsPort, onAdmit: () => void): Port {
  return { ...port, admit: onAdmit }
}

/** `/3/5` becomes two tokens. */
function subjectOf(subject: string, path: string): string {
  return `${subject}${path.replaceAll('/', '.')}`
}

/** What cannot be sent is lost, and the link notices. */
function publishOn(connection: NatsConnection, subject: string, bytes: Uint8Array): void {
  if (!connection.isClosed()) connection.publish(subject, bytes)
}

function payloadSmall(found: number): RunError {
  const expected = MOST_NATS_FRAME + AROUND_A_FRAME
  return new RunError({
    code: 'JOIN_PAYLOAD_SMALL',
    message: `The NATS server takes messages of ${found} bytes, and links over it need ${expected}.`,
    details: { found, expected },
    remedy: 'Raise max_payload of the server, or let workers be dialled.',
  })
}
