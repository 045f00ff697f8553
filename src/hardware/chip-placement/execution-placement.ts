import { InputError } from '../../events/errors.js'
import type { Network } from '../../network/network.js'
import { describeSlice } from '../check-slices.js'
import { squareMesh } from '../chip.js'
import { definePlacement } from '../define-placement.js'
import type { Placement } from '../placement.js'
import { nameOfCore } from './check-chip-placement.js'
import type { ChipPlacement } from './chip-placement.js'
import { readChipPlacement } from './read-chip-placement.js'

/**
 * The placement by which a network runs as it lies on a chip: a partition for each core that holds something, in the order of
 * chips and cores.
 *
 * Raises `InputError`: `PLACEMENT_GROUP_TWICE` if a core holds two slices of a group, which a partition cannot; the codes of
 * `definePlacement`, among them `PLACEMENT_CYCLE` for a cycle without delay over several cores.
 */
export function executionPlacement(network: Network, placement: ChipPlacement): Placement {
  const { cores } = readChipPlacement(placement)
  cores.forEach((place, k) => {
    place.slices.forEach((slice, s) => {
      const twin = place.slices.findIndex(({ group }) => group === slice.group)
      if (twin === s) return
      throw new InputError({
        code: 'PLACEMENT_GROUP_TWICE',
        field: `cores[${k}].slices[${s}]`,
        found: `${describeSlice(place.slices[twin] ?? slice)} and ${describeSlice(slice)} on ${nameOfCore(place)}`,
        expected: 'at most one slice of a group on a core, for a run',
        remedy: "Place it with `cut: 'inOrder'` to run it; for counts and reports such a placement is as good as any.",
      })
    })
  })
  return definePlacement(
    network,
    cores.map(({ slices }) => slices),
    squareMesh(cores.length),
  )
}
