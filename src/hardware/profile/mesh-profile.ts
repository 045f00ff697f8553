import { deepFreeze } from '../../network/description/deep-freeze.js'
import { type MeshOptions, mesh } from '../chip.js'
import type { ChipProfile } from './chip-profile.js'
import type { Figure, FigureUnit } from './figure.js'
import { readProfile } from './profile-readers.js'

const SOURCE = 'as the mesh is described'

/**
 * The profile of a mesh of equal cores, one a tile, row by row: only its size and its limits are known.
 *
 * Raises `InputError` CHIP_INVALID.
 */
export function meshProfile(chip: MeshOptions): ChipProfile {
  const { columns, rows, neuronsPerCore, synapsesPerCore } = mesh(chip)
  const sourced = { provenance: 'assumed', source: SOURCE } as const
  const profile = readProfile({
    name: `mesh:${columns}x${rows}`,
    chip: { topology: 'mesh', columns, rows, ...sourced },
    chips: { topology: 'mesh', ...sourced },
    routing: { order: 'xy', multicast: false, ...sourced },
    core: {
      neurons: limit(neuronsPerCore, 'neurons'),
      synapses: synapsesPerCore === Infinity ? null : { kind: 'count', synapses: limit(synapsesPerCore, 'synapses') },
    },
    time: { mode: 'continuous' },
  })
  return deepFreeze(profile)
}

function limit(value: number, unit: FigureUnit): Figure {
  return value === Number.POSITIVE_INFINITY ? null : { value, unit, provenance: 'assumed', source: SOURCE }
}
