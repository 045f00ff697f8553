import type { Run } from '../../src/actors/group/run.js'
import { runActors } from '../../src/actors/group/run-actors.js'
import { NO_MODULES } from '../../src/actors/modules/load-modules.js'
import { pathwayTable } from '../../src/actors/partition/pathways/pathway-table.js'
import {
  type PartitionSetup,
  type WiredPartition,
  wirePartition,
} from '../../src/actors/partition/wiring/wire-partition.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { createSoloPool } from '../../src/dynamics/kernels/simd/worker-pool.js'
import { singleCore } from '../../src/hardware/single-core.js'
import type { Network } from '../../src/network/description/network.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { createMicrotaskMailbox } from '../../src/streams/mailbox.js'
import { createLocalEnds } from '../../src/streams/pathways/local-ends.js'

/** The actors of a network on one core. */
export function wireWhole(
  network: Network,
  seed = 0,
  kernel: KernelKind = 'simd',
  options: Pick<PartitionSetup, 'spikesPerBatch'> = {},
): WiredPartition {
  const deliver = createMicrotaskMailbox()
  const ends = createLocalEnds(deliver)
  const beat = () => undefined
  const placement = singleCore(network)
  return wirePartition({
    network,
    instance: instantiate(network, seed),
    placement,
    table: pathwayTable(network, placement, kernel),
    core: 0,
    ends,
    seed,
    deliver,
    modules: NO_MODULES,
    ...options,
    beat,
    spikeLimit: 100,
    kernel,
    pool: createSoloPool(),
  })
}

/** One run of theirs. */
export function runWhole(wired: WiredPartition, run: Run): Promise<void> {
  return runActors(wired, run).done
}
