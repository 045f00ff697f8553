import { connect, type NatsConnection } from '@nats-io/transport-node'
import { readAddresses } from '../join-address.js'
import type { OpenRendezvousOptions } from '../join-options.js'
import type { RendezvousNumbers } from '../rendezvous-numbers.js'
import { identityOf } from './join-credentials.js'
import { joinFailure } from './join-failure.js'
import { tlsOf } from './join-tls.js'
import { inboxOf, userToken } from './subjects.js'

/** A connection, and what stands for its user in subjects. */
export interface ConnectedUser {
  readonly connection: NatsConnection
  readonly user: string
}

/**
 * Connects to the first of the servers that answers, and again for ever whenever the connection is lost.
 *
 * @throws InputError JOIN_URL_INVALID, JOIN_CREDENTIALS, JOIN_TLS; RunError JOIN_UNREACHABLE
 */
export async function connectNats(
  { name, servers, credentials, tls }: OpenRendezvousOptions,
  numbers: RendezvousNumbers,
): Promise<ConnectedUser> {
  const addresses = readAddresses(servers)
  const { authenticator, publicKey, words } = identityOf(credentials)
  const user = userToken(credentials, publicKey, name)
  const encryption = tlsOf(addresses, tls)
  try {
    const connection = await connect({
      name,
      // The scheme has no meaning for nats.js.
      servers: addresses.map(({ text }) => text),
      inboxPrefix: inboxOf(user),
      ...(authenticator === null ? {} : { authenticator }),
      ...(encryption === undefined ? {} : { tls: encryption }),
      // What a cluster tells of itself are addresses that were not asked for, and which certificates do not name.
      ignoreClusterUpdates: true,
      maxReconnectAttempts: -1,
      ignoreAuthErrorAbort: true,
      reconnectTimeWait: numbers.reconnectPause,
      reconnectJitterTLS: numbers.reconnectPause,
      pingInterval: numbers.pingInterval,
      maxPingOut: numbers.mostPings,
      timeout: numbers.connectTimeout,
    })
    return { connection, user }
  } catch (error) {
    throw joinFailure(error, { addresses, words, isFirst: tls?.first === true })
  }
}
