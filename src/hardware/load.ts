import { connectivityOf } from '../network/connectivity/connectivity-of.js'
import type { Network, Projection } from '../network/description/network.js'
import { blockOf } from '../network/slices/blocks.js'
import type { GroupSlice } from '../network/slices/group-slice.js'
import { BLOCK } from '../numerics/block-sum.js'

/** What takes up room on a core: neurons (sources do not count) and the synapses into them. */
export interface Load {
  readonly neurons: number
  readonly synapses: number
}

export const NO_LIMIT: Load = Object.freeze({ neurons: Number.POSITIVE_INFINITY, synapses: Number.POSITIVE_INFINITY })

/** Gives the load of any slice that is cut between blocks. */
export type LoadOf = (slice: GroupSlice) => Load

/**
 * Counts the synapses of a network by blocks of 32 targets, pairs without a synapse left out; those that a rule draws
 * count by their mean, rounded in every block.
 *
 * It takes time in proportion to the blocks, the listed synapses and the absent pairs, not to the dense pairs.
 *
 * @param weightOf what a synapse of a projection counts; default: 1
 */
export function measureLoads(network: Network, weightOf: (projection: Projection) => number = () => 1): LoadOf {
  const groups = new Map(network.groups.map((group) => [group.name, group]))
  // Entry b holds the synapses into all blocks before block b.
  const before = new Map(network.groups.map(({ name, size }) => [name, new Float64Array(blockOf(size - 1) + 2)]))
  for (const projection of network.projections) {
    const counts = before.get(projection.target)?.subarray(1)
    if (counts === undefined) continue
    const [sources, targets] = [groups.get(projection.source)?.size ?? 0, groups.get(projection.target)?.size ?? 0]
    const weight = weightOf(projection)
    connectivityOf(projection).countByBlock({ sources, targets }, (block, count) => {
      counts[block] = (counts[block] ?? 0) + count * weight
    })
  }
  for (const counts of before.values())
    for (let b = 1; b < counts.length; b++) counts[b] = (counts[b] ?? 0) + (counts[b - 1] ?? 0)
  return ({ group, start, end }) => {
    const counts = before.get(group)
    return {
      neurons: groups.get(group)?.kind === 'source' ? 0 : end - start,
      synapses: (counts?.[Math.ceil(end / BLOCK)] ?? 0) - (counts?.[start / BLOCK] ?? 0),
    }
  }
}

/** The load of several slices together. */
export function loadOfAll(slices: readonly GroupSlice[], loadOf: LoadOf): Load {
  return slices.map(loadOf).reduce(addLoads, { neurons: 0, synapses: 0 })
}

export function addLoads(a: Load, b: Load): Load {
  return { neurons: a.neurons + b.neurons, synapses: a.synapses + b.synapses }
}

/** Whether a load keeps a limit. */
export function fits({ neurons, synapses }: Load, most: Load): boolean {
  return neurons <= most.neurons && synapses <= most.synapses
}
