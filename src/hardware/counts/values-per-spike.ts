import { nodesOfSlice } from '../../network/blocks.js'
import type { Network } from '../../network/network.js'
import type { PlacedCore } from '../fit/chip-fit.js'

/**
 * How many values a core answers a spike of a group with: for each projection from there and each of its slices of the target
 * one per whole subtree of the fixed tree over the blocks of the target, so that sums have the same bits on every placement.
 */
export function valuesPerSpike(
  network: Network,
  cores: readonly PlacedCore[],
): (group: string, core: number) => number {
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  const nodesOf = cores.map(({ slices }) => {
    const nodes = new Map<string, number>()
    for (const slice of slices) {
      const own = nodesOfSlice(sizes.get(slice.group) as number, slice).length
      nodes.set(slice.group, (nodes.get(slice.group) ?? 0) + own)
    }
    return nodes
  })
  return (group, core) =>
    network.projections.reduce((sum, { source, target }) => {
      return source === group ? sum + (nodesOf[core]?.get(target) ?? 0) : sum
    }, 0)
}
