import type { JoinOptions } from './join-options.js'
import type { NatsCarrier } from './nats-carrier.js'

/**
 * Connects to the server that carries links. What it loses shows as a gap in a link; a server that is away for good ends
 * them as broken.
 *
 * @throws what `openRendezvous` throws; RunError JOIN_PAYLOAD_SMALL for a server that takes no frames of `MOST_NATS_FRAME`
 */
export async function openNatsCarrier(server: JoinOptions): Promise<NatsCarrier> {
  // Loaded only by processes that join a server.
  const { carryOverNats } = await import('./nats/carry-over-nats.js')
  return carryOverNats(server)
}
