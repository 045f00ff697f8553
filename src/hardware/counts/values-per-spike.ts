import type { Network } from '../../network/description/network.js'
import { nodesOfSlice } from '../../network/slices/blocks.js'
import type { PlacedCore } from '../placement.js'

/**
 * How many values each core returns for a spike of a group: for each projection from there and each of its slices of the target
 * one per whole subtree of the fixed tree over the blocks of the target, so that sums have the same bits on every placement.
 */
export function valuesPerSpike(network: Network, cores: readonly PlacedCore[], group: string): Float64Array {
  const sizes = new Map(network.groups.map(({ name, size }) => [name, size]))
  const targets = network.projections.filter(({ source }) => source === group).map(({ target }) => target)
  const projections = new Map(
    [...sizes.keys()].map((name) => [name, targets.filter((target) => target === name).length]),
  )
  return Float64Array.from(cores, ({ slices }) =>
    slices.reduce((sum, slice) => {
      const often = projections.get(slice.group) as number
      return often === 0 ? sum : sum + often * nodesOfSlice(sizes.get(slice.group) as number, slice).length
    }, 0),
  )
}
