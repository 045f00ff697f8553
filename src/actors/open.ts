import { checkPlacement } from '../hardware/check-placement.js'
import type { Placement } from '../hardware/placement.js'
import { singleCore } from '../hardware/single-core.js'
import type { Network } from '../network/description/network.js'
import { requireSlowOperators } from '../network/graph/require-slow-operators.js'
import { type Readers, readOptions } from '../network/reading/read-fields.js'
import { readNetwork } from '../network/reading/read-network.js'
import { asGiven, readFunction } from '../network/reading/read-value.js'
import type { Deliver } from '../streams/deliver.js'
import { COMPUTATION_DEFAULTS, COMPUTATION_READERS, type ComputationOptions } from './computation-options.js'
import { loadModules } from './modules/load-modules.js'
import { ANY_MODULE } from './modules/module-policy.js'
import { openLocalPartitions } from './partition/wiring/open-local-partitions.js'
import { createSession } from './session/create-session.js'
import type { StreamingSession } from './streaming/spike-stream.js'

export interface OpenOptions extends ComputationOptions {
  /** Which core holds which neurons; default: one core. Never changes a result. */
  readonly placement?: Placement
  /** Decides when a message between actors arrives; default: soon, in the order sent. Never changes a result. */
  readonly deliver?: Deliver
}

const READERS: Readers<OpenOptions> = {
  ...COMPUTATION_READERS,
  placement: asGiven,
  deliver: readFunction,
}

/**
 * Opens a network in this process: its groups become actors, its projections pathways.
 *
 * Raises `InputError` for drawn numbers that are out of range and a placement of another network, KERNEL_UNKNOWN,
 * THREADS_INVALID, OPTION_OUT_OF_RANGE, FIELD_UNKNOWN and FIELD_TYPE.
 *
 * @example
 * const session = await open(network, { seed: 7 })
 * const { spikes } = await session.simulate({ count: 1, until: 50, inputs })
 * await session.close()
 */
export async function open<Names extends string>(
  network: Network<Names>,
  options: OpenOptions = {},
): Promise<StreamingSession<Names>> {
  readNetwork(network)
  requireSlowOperators(network)
  const given = readOptions(options, READERS)
  const { placement = singleCore(network), deliver, ...chosen } = given
  if (given.placement !== undefined) checkPlacement(network, placement)
  const modules = await loadModules(network, ANY_MODULE)
  const computation = { ...COMPUTATION_DEFAULTS, ...chosen }
  const delivery = deliver === undefined ? {} : { deliver }
  const { partitions, close } = await openLocalPartitions({ network, placement, modules, ...delivery }, computation)
  return createSession({ network, placement, partitions, close }, computation) as StreamingSession<Names>
}
