import type { Network } from '../../network/description/network.js'
import type { PlacedCore } from '../placement.js'
import type { Incoming } from '../reach/incoming.js'
import { type Reach, reachOf } from '../reach/reach.js'
import { type TellReach, tellStage } from '../reach/reach-progress.js'
import { coresOfUnits } from '../slices.js'

/** Where the spikes of every unit begin and end; cores by their place in the list of a placement. */
export interface Destinations {
  /** The core of each unit, by group. */
  readonly coreOf: ReadonlyMap<string, Int32Array>
  /** The cores with a target of each unit, by group. */
  readonly reach: ReadonlyMap<string, Reach>
}

export function destinationsOf(
  network: Network,
  cores: readonly PlacedCore[],
  incoming: ReadonlyMap<string, readonly Incoming[]>,
  tell?: TellReach,
): Destinations {
  const slices = cores.map((core) => core.slices)
  return {
    coreOf: coresOfUnits(network, slices),
    reach: reachOf(network, slices, incoming, tell && tellStage('spikes', tell)),
  }
}
