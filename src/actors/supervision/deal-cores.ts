import { partitionEvenly } from '../../hardware/linear-partition.js'
import { NO_LIMIT } from '../../hardware/load.js'
import type { CorePlacement, Placement } from '../../hardware/placement.js'

/**
 * Deals the cores of a placement to so many core workers; returns the cores that each of them holds.
 *
 * Cores that follow each other hold slices that follow each other in the network, so most of their messages go to
 * neighbours: every core worker holds a run of consecutive cores. The runs are as even in work, and then in neurons, as that
 * allows, for the cores of one core worker compute in turn.
 *
 * @param coreWorkers from 1 to the number of cores
 * @param workOf in whole numbers
 */
export function dealCores(
  { cores }: Pick<Placement, 'cores'>,
  coreWorkers: number,
  workOf: (core: CorePlacement) => number,
): readonly (readonly number[])[] {
  const loads = cores.map((core) => ({ neurons: core.neurons, synapses: workOf(core) }))
  const ends = partitionEvenly(loads, coreWorkers, NO_LIMIT)
  if (ends === null)
    throw new RangeError(`${cores.length} cores cannot be dealt to ${coreWorkers} processes or threads`)
  return ends.map((end, coreWorker) => cores.slice(ends[coreWorker - 1] ?? 0, end).map(({ core }) => core))
}
