import type { NatsConnection } from '@nats-io/transport-node'
import type { Subject } from 'rxjs'
import { RunError } from '../../events/errors.js'
import type { Clock } from '../../streams/clock.js'
import { closed, denied, noReply } from '../failures.js'
import { type Patience, patiently } from '../patiently.js'
import type { RendezvousStatus } from '../rendezvous.js'
import type { RendezvousNumbers } from '../rendezvous-numbers.js'
import { type Trouble, troubleOf } from './trouble.js'

/** What everything over one connection shares. */
export interface NatsSetup {
  readonly connection: NatsConnection
  /** For people. */
  readonly server: string
  readonly inbox: string
  readonly clock: Clock
  readonly numbers: RendezvousNumbers
  readonly status$: Subject<RendezvousStatus>
}

/** The trouble behind an error. A connection that is closed is behind every one. */
export function troubleAt({ connection }: NatsSetup, error: unknown): Trouble {
  if (connection.isClosed()) return { kind: 'closed' }
  return troubleOf(error, connection.info?.jetstream === true)
}

/** How a request is tried again, as long as its failures may pass. */
export function patienceFor(setup: NatsSetup, subject: string): Patience {
  const { clock, numbers } = setup
  return {
    clock,
    numbers,
    isPassing: (error) => troubleAt(setup, error).kind === 'passing',
    giveUp: (tries, last) => noReply(subject, tries, last),
  }
}

/** A request, with patience and with errors of ours. */
export async function requested<Result>(
  setup: NatsSetup,
  subject: string,
  attempt: () => Promise<Result>,
): Promise<Result> {
  try {
    return await patiently(attempt, patienceFor(setup, subject))
  } catch (error) {
    throw named(setup, subject, error)
  }
}

/** An error of nats.js in our words; ours stay as they are. */
export function named(setup: NatsSetup, subject: string, error: unknown): unknown {
  const trouble = troubleAt(setup, error)
  switch (trouble.kind) {
    case 'denied':
      return denied(trouble.operation, trouble.subject, error)
    case 'closed':
      return closed(error)
    case 'no-jetstream':
      return noJetStream(setup.server, error)
    case 'passing':
      return noReply(subject, 1, error)
    default:
      return error
  }
}

function noJetStream(server: string, cause?: unknown): RunError {
  return new RunError({
    code: 'JOIN_NO_JETSTREAM',
    message: `The server ${server} has no JetStream for this user, which leases and buckets need.`,
    details: { server },
    remedy: 'Start it with JetStream and a folder to keep it in, and let the account of this user have some.',
    cause,
  })
}

/** Hands on what nats.js says of its connection, until it is closed. */
export async function watchConnection({
  connection,
  server,
  status$,
}: Pick<NatsSetup, 'connection' | 'server' | 'status$'>): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') status$.next({ kind: 'disconnected', server })
    if (status.type === 'reconnect') status$.next({ kind: 'reconnected', server: connection.getServer() })
    if (status.type !== 'error') continue
    const trouble = troubleOf(status.error, true)
    if (trouble.kind === 'denied') status$.next(trouble)
  }
}
