import { InputError } from '../events/errors.js'
import type { Network } from '../network/description/network.js'
import { readNetwork } from '../network/reading/read-network.js'
import { integerFrom } from '../network/reading/read-number.js'
import { type Chip, mesh, squareMesh } from './chip.js'
import { definePlacement } from './define-placement.js'
import { fewestParts, filledBy, partitionEvenly } from './linear-partition.js'
import { addLoads, fits, type Load, NO_LIMIT } from './load.js'
import type { Placement } from './placement.js'
import { cutNetwork, type PlacementUnit, slicesOfUnits } from './placement-units.js'
import { CYCLE_REMEDY, describeCycle } from './quick-cycles.js'
import { describeSlice } from './slices.js'

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

/**
 * Why placement units that stay together do not fit `cores` cores: `PLACEMENT_CYCLE` if a cycle is too large for one core,
 * else `PLACEMENT_CAPACITY`, with the size that would do.
 */
function capacityRefusal(placementUnits: readonly PlacementUnit[], cores: number, most: Load): InputError {
  const large = placementUnits.find((placementUnit) => !fits(placementUnit, most))
  if (large !== undefined) return tooLarge(large, most)
  const needed = fewestParts(placementUnits, most)
  const left = placementUnits[filledBy(placementUnits, cores, most)]?.slices[0]
  const until = left === undefined ? '' : `, full before ${describeSlice(left)}`
  const size = `${cores} core${cores === 1 ? '' : 's'} of ${describeLimit(most)}${cores === 1 ? '' : ' each'}`
  return new InputError({
    code: 'PLACEMENT_CAPACITY',
    field: 'chip',
    found: `${size}${until}`,
    expected: `room for ${describeLoad(placementUnits.reduce(addLoads, { neurons: 0, synapses: 0 }))}`,
    remedy: `${needed} such cores would do.`,
  })
}

function tooLarge({ slices, quickCycle, neurons, synapses }: PlacementUnit, most: Load): InputError {
  const load = describeLoad({ neurons, synapses })
  const expected = `at most ${describeLimit(most)} on a core`
  if (quickCycle === null) {
    return new InputError({
      code: 'PLACEMENT_CAPACITY',
      field: 'chip',
      found: `${slices.map(describeSlice).join(', ')}, a single block with ${load}`,
      expected,
      remedy: 'Blocks of 32 neurons are not cut: choose a chip with larger cores.',
    })
  }
  return new InputError({
    code: 'PLACEMENT_CYCLE',
    field: 'chip',
    found: `the cycle ${describeCycle(quickCycle.cycle)}, which must stay on one core, with ${load}`,
    expected,
    remedy: `Choose a chip with larger cores, or ${CYCLE_REMEDY}`,
  })
}

function describeLoad({ neurons, synapses }: Load): string {
  return `${neurons} neurons and ${synapses} synapses`
}

/** Only the limits there are. */
function describeLimit({ neurons, synapses }: Load): string {
  const limits = [
    ...(Number.isFinite(neurons) ? [`${neurons} neurons`] : []),
    ...(Number.isFinite(synapses) ? [`${synapses} synapses`] : []),
  ]
  return limits.join(' and ')
}
