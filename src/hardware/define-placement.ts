import { deepFreeze } from '../network/description/deep-freeze.js'
import type { Network } from '../network/description/network.js'
import { refuseUnknown } from '../network/reading/read-fields.js'
import { readRecord } from '../network/reading/read-value.js'
import { CHIP_FIELDS, type Chip, readSize, squareMesh } from './chip.js'
import { cutCyclesOf } from './cut-cycles.js'
import { cutsOf } from './cuts.js'
import { leastLatency } from './least-latency.js'
import { loadOfAll, measureLoads } from './load.js'
import type { Placement } from './placement.js'
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
