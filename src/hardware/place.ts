import { InputError } from '../events/errors.js'
import type { Network } from '../network/description/network.js'
import { readNetwork } from '../network/reading/read-network.js'
import { integerFrom } from '../network/reading/read-number.js'
import { capacityRefusal } from './capacity-refusal.js'
import { type Chip, mesh, squareMesh } from './chip.js'
import { definePlacement } from './define-placement.js'
import { partitionEvenly } from './linear-partition.js'
import { NO_LIMIT } from './load.js'
import type { Placement } from './placement.js'
import { cutNetwork, slicesOfUnits } from './placement-units.js'

/**
 * Places a network on a chip: groups in topological order, cut between blocks of 32 neurons, such that the largest
 * number of synapses into a core is as small as that order allows.
 *
 * All cores are used as long as there are blocks for them; sources are cut only for that. Groups on a cycle that may
 * take less than MINIMAL_CYCLE_DELAY as a whole stay on one core always, for there would be no end of windows; those
 * on a cycle of steps that short stay if they fit.
 *
 * Raises `InputError`: `PLACEMENT_CAPACITY` if the network is too large for the chip, `PLACEMENT_CYCLE` if groups that
 * must stay together are too large for a core, `CHIP_INVALID`.
 *
 * @example place(network, mesh({ columns: 2, rows: 2 }))
 */
export function place(network: Network, chip: Chip): Placement {
  readNetwork(network)
  const { columns, rows, neuronsPerCore, synapsesPerCore } = mesh(chip)
  const [count, most] = [columns * rows, { neurons: neuronsPerCore, synapses: synapsesPerCore }]
  const { preferred, finest } = cutNetwork(network, count, most)
  for (const placementUnits of [preferred, finest]) {
    const ends = partitionEvenly(placementUnits, Math.min(count, placementUnits.length), most)
    if (ends === null) continue
    const slices = ends.map((end, core) => slicesOfUnits(placementUnits.slice(ends[core - 1] ?? 0, end)))
    return definePlacement(network, slices, { columns })
  }
  throw capacityRefusal(finest, count, most)
}

const readCount = integerFrom(1)

/** The most cores that a network can be spread over: as many as it has placement units that nothing keeps together. */
export function mostCores(network: Network): number {
  return cutNetwork(network, Number.POSITIVE_INFINITY, NO_LIMIT).preferred.length
}

/**
 * The most square mesh of exactly `cores` cores without limits, if the network has a block for each.
 *
 * Raises `InputError`: `OPTION_OUT_OF_RANGE` for a number that is no integer from 1, `FIELD_TYPE`, `CORES_TOO_MANY`.
 *
 * @param field what the number is called where it was given
 */
export function coresFor(network: Network, cores: number, field = 'cores'): Chip {
  readNetwork(network)
  readCount(cores, field)
  const { preferred } = cutNetwork(network, Number.POSITIVE_INFINITY, NO_LIMIT)
  const most = preferred.length
  if (cores <= most) return squareMesh(cores)
  const whole = preferred
    .filter(({ quickCycle }) => quickCycle !== null)
    .map(({ slices }) => slices.map(({ group }) => group))
  const exception =
    whole.length === 0
      ? ''
      : `, with ${whole.map((groups) => groups.join(' and ')).join(', ')} in one piece: ` +
        'spikes go around a cycle there in next to no time'
  throw new InputError({
    code: 'CORES_TOO_MANY',
    field,
    found: String(cores),
    expected: `at most ${most}`,
    remedy: `The network has ${most} block${most === 1 ? '' : 's'} of 32 neurons${exception}.`,
  })
}
