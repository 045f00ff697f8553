import { connectivityOf } from '../../network/connectivity/connectivity-of.js'
import { partnersOf } from '../../network/description/connection-rule.js'
import type { Projection, SynapseConnectivity } from '../../network/description/network.js'
import { LANE_COUNT } from './wasm/schema/records.js'

/**
 * Of the weights of a dense projection. With more nulls it is quicker to have each neuron meet what arrives at itself alone,
 * else to have all meet everything, weights of 0 included: 300 units to 300 neurons with delays that neurons share, forward
 * and back, take 5.1 and 6.9 ms where 3 % of the pairs have a synapse, and 2.9 and 3.1 where 1 % have; 1000 to 1000 at 1 %
 * take 12.8 and 6.8.
 */
const MOST_NULLS = 63 / 64

/** Whether nearly all pairs of a dense projection are without a synapse. */
export function hasManyNulls(
  { connectivity }: Pick<Projection, 'connectivity'>,
  { sources, targets }: { readonly sources: number; readonly targets: number },
): boolean {
  return connectivity.kind === 'dense' && connectivity.absent.length > MOST_NULLS * sources * targets
}

/** Neurons at both ends of a projection. */
export interface ProjectionEnds {
  readonly sources: number
  readonly targets: number
}

/**
 * Rows of weights that the SIMD kernel needs for a projection in a lane group of neurons, see `SynapseRows`: as many as
 * there are in the lane group with most of them. For rules a bound of what is to be expected:
 *
 *     per unit  min(8 p, 1), p synapses a pair; where pairs may have several  min(8 p, p + 1.5 sqrt(p) + 1)
 *
 * @param most rows of a lane group; a list of more synapses than these would hold is not counted exactly
 */
export function rowsOf(projection: Projection, ends: ProjectionEnds, most: number): number {
  const { connectivity, source, target } = projection
  const { sources, targets } = ends
  if (connectivity.kind === 'synapses') return rowsOfList(connectivity, ends, most)
  if (connectivity.kind === 'dense' && !hasManyNulls(projection, ends)) return sources
  const isRecurrent = source === target
  const partners =
    connectivity.kind === 'rule' ? partnersOf(sources, connectivity.rule, { ...ends, isRecurrent }) : sources
  const perPair = connectivityOf(projection).count(ends) / (Math.max(1, partners) * targets)
  const isMultiple = connectivity.kind === 'rule' && 'multiple' in connectivity.rule && connectivity.rule.multiple
  return sources * Math.min(LANE_COUNT * perPair, isMultiple ? perPair + 1.5 * Math.sqrt(perPair) + 1 : 1)
}

/** Exactly, but for lists of more synapses than there may be rows in all lane groups. */
function rowsOfList({ sources, targets }: SynapseConnectivity, ends: ProjectionEnds, most: number): number {
  const laneGroups = Math.ceil(ends.targets / LANE_COUNT)
  if (sources.length > LANE_COUNT * laneGroups * most) return sources.length
  const pairs = Float64Array.from(sources, (unit, s) => (targets[s] as number) * ends.sources + unit).sort()
  const copies = new Uint32Array(ends.sources)
  let [rows, inLaneGroup, laneGroup, inPair] = [0, 0, -1, 0]
  pairs.forEach((pair, s) => {
    const own = Math.floor(pair / ends.sources / LANE_COUNT)
    if (own !== laneGroup) {
      copies.fill(0)
      ;[laneGroup, inLaneGroup] = [own, 0]
    }
    inPair = pair === pairs[s - 1] ? inPair + 1 : 1
    const unit = pair % ends.sources
    if (inPair <= (copies[unit] as number)) return
    copies[unit] = inPair
    rows = Math.max(rows, ++inLaneGroup)
  })
  return rows
}
