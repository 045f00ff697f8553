import { checkKernelKind, DEFAULT_KERNEL, type KernelKind } from '../dynamics/kernel-kind.js'
import { checkPlacement } from '../hardware/check-placement.js'
import type { Placement } from '../hardware/placement.js'
import { singleCore } from '../hardware/single-core.js'
import type { Session } from '../learning/session.js'
import type { Network } from '../network/network.js'
import type { Deliver } from '../streams/deliver.js'
import { createLocalPartitions } from './partition/create-local-partitions.js'
import { createSession } from './session/create-session.js'

export interface OpenOptions {
  /** Draws the initial values; default 0. */
  readonly seed?: number
  /** Which core holds which neurons; default: one core. Never changes a result. */
  readonly placement?: Placement
  /** Default 'simd', which falls back to 'reference' for groups it cannot run; the two agree to the model's accuracy. */
  readonly kernel?: KernelKind
  /** Decides when a message between actors arrives; default: soon, in the order sent. Never changes a result. */
  readonly deliver?: Deliver
}

/**
 * Opens a network in this process: its groups become actors, its projections pathways.
 *
 * Raises `InputError` for drawn numbers that are out of range and a placement of another network, KERNEL_UNKNOWN.
 *
 * @example
 * const session = await open(network, { seed: 7 })
 * const { spikes } = await session.simulate({ count: 1, until: 50, inputs })
 * await session.close()
 */
export async function open(network: Network, options: OpenOptions = {}): Promise<Session> {
  const { seed = 0, placement = singleCore(network), kernel = DEFAULT_KERNEL, deliver } = options
  checkKernelKind(kernel)
  if (options.placement !== undefined) checkPlacement(network, placement)
  const partitions = createLocalPartitions({
    network,
    seed,
    placement,
    kernel,
    ...(deliver === undefined ? {} : { deliver }),
  })
  return createSession({ network, placement, partitions })
}
