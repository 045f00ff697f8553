import { randomUUID } from 'node:crypto'
import type { NatsConnection } from '@nats-io/transport-node'
import { Subject } from 'rxjs'
import { systemClock } from '../../streams/system-clock.js'
import type { OpenRendezvousOptions } from '../join-options.js'
import { epochIn } from '../lease-table.js'
import type { Rendezvous, RendezvousStatus } from '../rendezvous.js'
import type { RendezvousNumbers } from '../rendezvous-numbers.js'
import { takeLease } from '../take-lease.js'
import { connectNats } from './connect-nats.js'
import { createKvLeaseTable, serverTime } from './kv-lease-table.js'
import { type NatsSetup, patienceFor, requested, watchConnection } from './nats-connection.js'
import { makeBucket, openBucket } from './open-bucket.js'
import { replyAt, requestEveryone, requestOne } from './request-nats.js'
import { inboxOf } from './subjects.js'

export async function openNatsRendezvous(
  options: OpenRendezvousOptions,
  numbers: RendezvousNumbers,
): Promise<Rendezvous> {
  const { connection, user } = await connectNats(options, numbers)
  return rendezvousOver(connection, user, numbers)
}

function rendezvousOver(connection: NatsConnection, user: string, numbers: RendezvousNumbers): Rendezvous {
  const status$ = new Subject<RendezvousStatus>()
  const server = connection.getServer()
  const setup: NatsSetup = { connection, server, inbox: inboxOf(user), numbers, status$, clock: systemClock() }
  const watched = watchConnection(setup)
  const leases = createKvLeaseTable(setup)
  return {
    server,
    seenAs: connection.info?.client_ip ?? null,
    user,
    status$: status$.asObservable(),
    request: (subject, body) => requestOne(setup, subject, body),
    requestAll: (subject, body, options) => requestEveryone(setup, subject, body, options),
    reply: (subject, take) => replyAt(setup, subject, take),
    takeLease(lease, holder) {
      const report = (status: RendezvousStatus) => status$.next(status)
      const patience = patienceFor(setup, `the lease of ${lease}`)
      return takeLease(lease, holder, { ...patience, numbers, table: leases, token: randomUUID(), report })
    },
    epochOf: async (lease) => epochIn(await requested(setup, `the lease of ${lease}`, () => leases.read(lease))),
    serverTime: () => serverTime(setup),
    bucket: (bucket) => openBucket(setup, bucket),
    makeBucket: (bucket, maxBytes) => makeBucket(setup, bucket, maxBytes),
    async [Symbol.asyncDispose]() {
      await connection.close()
      await watched
      status$.complete()
    },
  }
}
