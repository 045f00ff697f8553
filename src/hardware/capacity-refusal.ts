import { InputError } from '../events/errors.js'
import { fewestParts, filledBy } from './linear-partition.js'
import { addLoads, fits, type Load } from './load.js'
import type { PlacementUnit } from './placement-units.js'
import { CYCLE_REMEDY, describeCycle } from './quick-cycles.js'
import { describeSlice } from './slices.js'

/**
 * Why placement units that stay together do not fit `cores` cores: `PLACEMENT_CYCLE` if a cycle is too large for one core,
 * else `PLACEMENT_CAPACITY`, with the size that would do.
 */
export function capacityRefusal(placementUnits: readonly PlacementUnit[], cores: number, most: Load): InputError {
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
