import type { Network } from '../network/description/network.js'
import { instantiate } from '../network/instance/instantiate.js'
import { withValues } from '../network/instance/with-values.js'
import { instanceWith } from './instance-with.js'
import { readSession } from './read-arguments.js'
import type { Session } from './session.js'

/** The network of a session with the numbers it has now; `seed` is the one the session was opened with. */
export async function trainedNetwork(session: Session, seed: number): Promise<Network> {
  const { network } = readSession(session)
  return withValues(network, instanceWith(instantiate(network, seed), await session.parameters()))
}
