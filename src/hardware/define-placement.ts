import { deepFreeze } from '../network/description/deep-freeze.js'
import type { Network } from '../network/description/network.js'
import { components } from '../network/graph/components.js'
import { delayBounds } from '../network/graph/delay-bound.js'
import { refuseUnknown } from '../network/reading/read-fields.js'
import { readRecord } from '../network/reading/read-value.js'
import { CHIP_FIELDS, type Chip, readSize, squareMesh } from './chip.js'
import { cutsOf } from './cuts.js'
import { type LatencyOf, leastLatency } from './least-latency.js'
import { loadOfAll, measureLoads } from './load.js'
import type { CutCycle, CutProjection, Placement } from './placement.js'
import { type BoundedEdge, quickestCycles, quickestOf, startingFirst } from './quickest-cycles.js'
import { requireSlices } from './require-slices.js'
import { inNetworkOrder, type SlicesPerCore } from './slices.js'

/**
 * A placement by hand: the slices of core 0, 1, 2, …; what they hold and what they cut is worked out.
 *
 * The cores fill the chip row by row; without a chip, the most square mesh there is of them. Raises `InputError` with
 * the codes of `checkPlacement` for slices that do not fit the network, CHIP_INVALID for columns that are no integer
 * from 1.
 *
 * @example
 * definePlacement(network, [
 *   [{ group: 'input', start: 0, end: 5 }, { group: 'hidden', start: 0, end: 64 }],
 *   [{ group: 'hidden', start: 64, end: 120 }, { group: 'output', start: 0, end: 3 }],
 * ])
 */
export function definePlacement(
  network: Network,
  slicesPerCore: SlicesPerCore,
  chip?: Pick<Chip, 'columns'>,
): Placement {
  return placementOf(network, slicesPerCore, chip, undefined)
}

/** The same with latencies between the cores. */
export function placementOf(
  network: Network,
  slicesPerCore: SlicesPerCore,
  chip: Pick<Chip, 'columns'> | undefined,
  latencies: Placement['latencies'],
): Placement {
  const latencyOf = leastLatency(slicesPerCore, latencies)
  requireSlices(network, slicesPerCore, latencyOf)
  const { columns } = chip === undefined ? squareMesh(slicesPerCore.length) : readRecord(chip, 'chip')
  if (chip !== undefined) refuseUnknown(readRecord(chip, 'chip'), CHIP_FIELDS, 'chip')
  const width = readSize(columns, 'chip.columns')
  const ordered = inNetworkOrder(network)
  const loadOf = measureLoads(network)
  const cores = slicesPerCore.map((given, core) => {
    const slices = ordered(given)
    return { core, column: core % width, row: Math.floor(core / width), slices, ...loadOfAll(slices, loadOf) }
  })
  const cuts = cutsOf(network, slicesPerCore)
  const cycles = cutCyclesOf(network, cuts, latencyOf)
  return deepFreeze({ cores, cuts, cycles, ...(latencies === undefined ? {} : { latencies }) })
}

/**
 * Of every strongly connected component that is cut, the cycle over a cut with the smallest sum of delays and latencies.
 *
 * It starts at its first group in description order. Projections without synapses lead nowhere.
 */
function cutCyclesOf(network: Network, cuts: readonly CutProjection[], latencyOf: LatencyOf): readonly CutCycle[] {
  const cut = new Set(cuts.map(({ key }) => key))
  const bounds = delayBounds(network)
  const edges = network.projections.map(({ key, source, target }, order): BoundedEdge => {
    return { key, source, target, bound: (bounds[order] as number) + latencyOf({ source, target }) }
  })
  return components(network).flatMap(({ groups, cyclic }) => {
    if (!cyclic) return []
    const members = new Set(groups)
    const inside = edges.filter(({ source, target, bound }) => {
      return members.has(source) && members.has(target) && bound !== Number.POSITIVE_INFINITY
    })
    const through = quickestCycles(inside)
    const cycle = quickestOf(inside.filter(({ key }) => cut.has(key)).map(through))
    return cycle === null ? [] : [startingFirst(cycle, groups)]
  })
}
