import type { OpenRendezvousOptions } from './join-options.js'
import type { Rendezvous } from './rendezvous.js'
import { RENDEZVOUS_NUMBERS, type RendezvousNumbers } from './rendezvous-numbers.js'

/**
 * Connects to a NATS server, by which processes of many machines find each other. Once connected it connects again for ever.
 *
 * Beyond loopback a server without TLS is refused.
 *
 * @throws InputError JOIN_URL_INVALID, JOIN_CREDENTIALS, JOIN_TLS; RunError JOIN_UNREACHABLE
 */
export async function openRendezvous(
  options: OpenRendezvousOptions,
  numbers: RendezvousNumbers = RENDEZVOUS_NUMBERS,
): Promise<Rendezvous> {
  // Loaded only by processes that join a server.
  const { openNatsRendezvous } = await import('./nats/open-nats-rendezvous.js')
  return openNatsRendezvous(options, numbers)
}
