import type { Session } from '../learning/session.js'
import { instantiate } from '../network/instantiate.js'
import type { Network } from '../network/network.js'
import type { Deliver } from '../streams/deliver.js'
import { createLocalSession } from './local-session.js'

export interface OpenOptions {
  /** Draws the initial values; default 0. */
  readonly seed?: number
  /** Decides when a message between actors arrives; default: at once, in the order sent. Never changes a result. */
  readonly deliver?: Deliver
}

/**
 * Opens a network in this process: its groups become actors, its projections links.
 *
 * Raises `InputError` for drawn numbers that are out of range.
 *
 * @example
 * const session = await open(network, { seed: 7 })
 * const { spikes } = await session.simulate({ count: 1, until: 50, inputs })
 * await session.close()
 */
export async function open(network: Network, { seed = 0, deliver }: OpenOptions = {}): Promise<Session> {
  return createLocalSession(network, instantiate(network, seed), deliver)
}
