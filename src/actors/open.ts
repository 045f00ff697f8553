import { DEFAULT_KERNEL, type KernelKind, readKernelKind } from '../dynamics/kernels/kernel-kind.js'
import { readThreads } from '../dynamics/kernels/kernel-threads.js'
import { DEFAULT_SPIKE_LIMIT, readSpikeLimit } from '../dynamics/models/spike-limit.js'
import { checkPlacement } from '../hardware/check-placement.js'
import type { Placement } from '../hardware/placement.js'
import { singleCore } from '../hardware/single-core.js'
import type { Network } from '../network/description/network.js'
import { requireSlowOperators } from '../network/graph/require-slow-operators.js'
import { type Readers, readOptions } from '../network/reading/read-fields.js'
import { readNetwork } from '../network/reading/read-network.js'
import { asGiven, readFunction } from '../network/reading/read-value.js'
import type { Deliver } from '../streams/deliver.js'
import { loadModules } from './modules/load-modules.js'
import { ANY_MODULE } from './modules/module-policy.js'
import { openLocalPartitions } from './partition/wiring/open-local-partitions.js'
import { createSession } from './session/create-session.js'
import type { StreamingSession } from './streaming/spike-stream.js'

export interface OpenOptions {
  /** Draws the initial values; default 0. */
  readonly seed?: number
  /** Which core holds which neurons; default: one core. Never changes a result. */
  readonly placement?: Placement
  /** Default 'simd', which falls back to 'reference' for groups it cannot run; the two agree to the model's accuracy. */
  readonly kernel?: KernelKind
  /**
   * A run ends with a `RunError` SPIKES_TOO_MANY, which names the group, where its neurons fire more often than this, in spikes per
   * neuron and ms, in one trial and one of the intervals [0, 1), [1, 2) … ms; the mean over neurons 0 to 31, 32 to 63 and so on
   * counts. Default 100, at most 10^9. Never changes a result, and ends a run on every placement alike.
   */
  readonly spikeLimit?: number
  /**
   * Threads that share the work of the SIMD kernel, this one included; default 1. Never changes a result; groups on the
   * reference kernel stay on this thread.
   */
  readonly threads?: number
  /** Decides when a message between actors arrives; default: soon, in the order sent. Never changes a result. */
  readonly deliver?: Deliver
}

const READERS: Readers<OpenOptions> = {
  seed: asGiven,
  placement: asGiven,
  kernel: readKernelKind,
  spikeLimit: readSpikeLimit,
  threads: readThreads,
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
  const { seed = 0, placement = singleCore(network), kernel = DEFAULT_KERNEL, threads = 1, deliver } = given
  const { spikeLimit = DEFAULT_SPIKE_LIMIT } = given
  if (given.placement !== undefined) checkPlacement(network, placement)
  const delivery = deliver === undefined ? {} : { deliver }
  const modules = await loadModules(network, ANY_MODULE)
  const parts = { network, seed, placement, kernel, spikeLimit, threads, modules, ...delivery }
  const { partitions, close } = await openLocalPartitions(parts)
  return createSession({ network, seed, placement, kernel, partitions, close }) as StreamingSession<Names>
}
