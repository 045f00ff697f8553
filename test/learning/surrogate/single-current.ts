import type { Group, Network } from '../../../src/network/description/network.js'
import { hasNeurons } from '../../../src/network/models/models.js'

/** The same networks, with one synaptic current. */
export function singleCurrent(network: Network): Network {
  const groups = network.groups.map((group): Group => {
    if (!hasNeurons(group) || group.tauSyn !== undefined) return group
    const { tauSynExc, tauSynInh, ...rest } = group
    return { ...rest, tauSyn: tauSynExc } as Group
  })
  return { ...network, groups }
}
