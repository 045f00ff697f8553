import type { SpikeTrains } from '../events/spike-trains.js'
import type { Group } from '../network/description/network.js'
import { refuseUnknown } from '../network/reading/read-fields.js'
import { readList } from '../network/reading/read-list.js'
import { readRecord } from '../network/reading/read-value.js'
import { wrongShape } from '../network/reading/wrong-value.js'
import { readTargets, requireTargetUnits, requireTimes } from './read-targets.js'

/**
 * The target trains of a loss file: `{"times", "units"}`, or a list of such, one per label.
 *
 * Raises `InputError` FIELD_MISSING, FIELD_TYPE, FIELD_UNKNOWN, SHAPE_MISMATCH, NUMBER_NOT_FINITE, TARGET_TIME_NEGATIVE,
 * TARGET_ORDER, TARGET_UNIT.
 */
export function targetsFromFile(given: unknown, { size }: Pick<Group, 'size'>, field: string): SpikeTrains {
  const isList = Array.isArray(given)
  const trains = (isList ? given : [given]).map((train: unknown, label) => {
    const place = isList ? `${field}[${label}]` : field
    const { times, units } = expectedLists(train, place)
    requireTimes(times, `${place}.times`)
    if (units.length !== times.length) throw wrongShape(`${place}.units`, `${units.length} units`, `${times.length}`)
    requireTargetUnits(units, size, `${place}.units`)
    return { times: times as readonly number[], units: units as readonly number[] }
  })
  const offsets = new Uint32Array(trains.length + 1)
  trains.forEach(({ times }, label) => {
    offsets[label + 1] = (offsets[label] as number) + times.length
  })
  const times = Float64Array.from(trains.flatMap((train) => train.times.map((time) => time + 0)))
  return readTargets({ offsets, times, units: Uint32Array.from(trains.flatMap((train) => train.units)) }, field)
}

function expectedLists(train: unknown, place: string) {
  const fields = readRecord(train, place)
  refuseUnknown(fields, ['times', 'units'], place)
  return { times: readList(fields.times, `${place}.times`), units: readList(fields.units, `${place}.units`) }
}
