import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { requireTrains } from '../../learning/require-trials.js'
import type { Group, Network } from '../../network/description/network.js'
import { canSpike } from '../../network/models/models.js'
import { readRecord } from '../../network/reading/read-value.js'

/** Spikes by the name of the group: of every source and every group of neurons that spikes. */
export type Raster = Readonly<Record<string, SpikeTrains>>

/** The groups that spike. */
export function spikingGroups({ groups }: Network): readonly Group[] {
  return groups.filter(canSpike)
}

/** A raster that is whole and ends with its trials. */
export interface CheckedRaster {
  readonly trials: number
  readonly trains: ReadonlyMap<string, SpikeTrains>
}

/**
 * Raises `InputError`: `GROUP_UNKNOWN`, `RASTER_GROUP` for a group whose spikes are not there, `RASTER_TIME` for a spike at the
 * end or later, the codes of trials for trains (`INPUT_SHAPE`, `INPUT_TIME`, `INPUT_UNIT`, `INPUT_ORDER`), `FIELD_TYPE`.
 */
export function readRaster(network: Network, raster: Raster, until: number): CheckedRaster {
  const given = readRecord(raster, 'raster') as Raster
  const stranger = Object.keys(given).find((name) => !network.groups.some((group) => group.name === name))
  if (stranger !== undefined) {
    const expected = `groups of the network: ${network.groups.map(({ name }) => name).join(', ')}`
    throw new InputError({ code: 'GROUP_UNKNOWN', field: 'raster', found: JSON.stringify(stranger), expected })
  }
  const trains = new Map<string, SpikeTrains>()
  let trials: number | null = null
  for (const { name, size } of spikingGroups(network)) {
    const field = `raster.${name}`
    const own = entryOf(given, name)
    if (own === undefined) throw missingGroup(field)
    trials ??= Math.max(1, (own?.offsets?.length ?? 0) - 1)
    const checked = requireTrains(field, own, trials, size)
    const late = checked.times.findIndex((time) => time >= until)
    if (late >= 0) throw lateSpike(`${field}.times[${late}]`, checked.times[late] as number, until)
    trains.set(name, checked)
  }
  return { trials: trials ?? 1, trains }
}

function missingGroup(field: string): InputError {
  return new InputError({
    code: 'RASTER_GROUP',
    field,
    found: 'no spikes of this group',
    expected: 'those of every source and every lif group',
    remedy: 'Record it in the simulation, and give the inputs of the trials as well.',
  })
}

function lateSpike(field: string, time: number, until: number): InputError {
  return new InputError({
    code: 'RASTER_TIME',
    field,
    found: `${time} ms`,
    expected: `a time before ${until} ms, the end`,
  })
}
