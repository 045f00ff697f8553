import type { Network } from '../network/description/network.js'
import { readNetwork } from '../network/reading/read-network.js'
import { definePlacement } from './define-placement.js'
import type { Placement } from './placement.js'

/** The placement of everything on one core. */
export function singleCore(network: Network): Placement {
  return definePlacement(network, [
    readNetwork(network).groups.map(({ name, size }) => ({ group: name, start: 0, end: size })),
  ])
}
