import { entryOf } from '../../events/by-name.js'
import { InputError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { type TrialSpike, trainsOfTrials } from '../../events/trains-of-trials.js'
import { describeValue } from '../../network/reading/describe-value.js'
import { refuseUnknown } from '../../network/reading/read-fields.js'
import { readNumbers } from '../../network/reading/read-list.js'
import { readSpikeTime } from '../../network/reading/read-trains.js'
import { readRecord } from '../../network/reading/read-value.js'
import { wrongShape, wrongType } from '../../network/reading/wrong-value.js'

/** The spikes of one trial, in any order: times in ms, and the unit of each. */
export interface TrialSpikes {
  readonly times: ArrayLike<number>
  readonly units: ArrayLike<number>
}

/** The spikes of one group: a list of trials, or all of them one after the other. */
export type GivenTrains = SpikeTrains | readonly TrialSpikes[]

/** Spikes of a group, in the order of (time, unit), and the highest unit that spikes; -1 if none does. */
export interface SortedTrains {
  readonly trains: SpikeTrains
  readonly highest: number
}

/**
 * Checks the spikes of a group and puts those of each trial in order.
 *
 * Raises `InputError` FIELD_TYPE, FIELD_MISSING, FIELD_UNKNOWN, SHAPE_MISMATCH for lengths that do not fit each other,
 * NUMBER_NOT_FINITE and INPUT_TIME_NEGATIVE for a time, UNIT_OUT_OF_RANGE; the field names trial and spike.
 *
 * @param size units of the group; undefined: as many as spike
 */
export function sortTrains(given: unknown, size: number | undefined, field: string): SortedTrains {
  const trials = Array.isArray(given)
    ? Array.from(given, (trial: unknown, t) => ofTrial(trial, `${field}[${t}]`))
    : ofTrains(given, field)
  let highest = -1
  const spikes = trials.map(({ times, units, place }) =>
    Array.from({ length: times.length }, (_, k): TrialSpike => {
      const spike = {
        time: readSpikeTime(times[k], place('times', k)),
        unit: readUnit(units[k], size, place('units', k)),
      }
      highest = Math.max(highest, spike.unit)
      return spike
    }),
  )
  return { trains: trainsOfTrials(spikes), highest }
}

interface PlacedTrial extends TrialSpikes {
  /** The name of a number in errors. */
  place(list: 'times' | 'units', spike: number): string
}

function ofTrial(given: unknown, field: string): PlacedTrial {
  const { times, units } = readLists(given, ['times', 'units'], field)
  return { times, units, place: (list, spike) => `${field}.${list}[${spike}]` }
}

function ofTrains(given: unknown, field: string): readonly PlacedTrial[] {
  if (typeof given !== 'object' || given === null) throw wrongType(given, field, 'a list of trials, or spike trains')
  const lists = readLists(given, ['offsets', 'times', 'units'], field)
  const { times, units } = lists
  const offsets = Array.from(lists.offsets as ArrayLike<number>)
  const fits = offsets.every(
    (offset, t) => Number.isInteger(offset) && offset >= (t === 0 ? 0 : (offsets[t - 1] as number)),
  )
  if (!fits || offsets[0] !== 0 || offsets.at(-1) !== times.length)
    throw wrongShape(
      `${field}.offsets`,
      describeValue(offsets),
      `whole numbers that rise from 0 to ${times.length}, the number of times`,
    )
  return offsets.slice(1).map((end, t): PlacedTrial => {
    const start = offsets[t] as number
    const part = (list: ArrayLike<number>) => Array.from({ length: end - start }, (_, k) => list[start + k] as number)
    return { times: part(times), units: part(units), place: (list, spike) => `${field}.${list}[${start + spike}]` }
  })
}

function readLists(given: unknown, names: readonly string[], field: string) {
  const record = readRecord(given, field)
  refuseUnknown(record, names, field)
  const lists = Object.fromEntries(names.map((name) => [name, readNumbers(entryOf(record, name), `${field}.${name}`)]))
  const { times, units } = lists as { times: ArrayLike<number>; units: ArrayLike<number> }
  if (times.length !== units.length)
    throw wrongShape(`${field}.units`, `${units.length} units`, `${times.length}, one per time`)
  return { ...lists, times, units } as TrialSpikes & Readonly<Record<string, ArrayLike<number>>>
}

function readUnit(value: unknown, size: number | undefined, field: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < (size ?? 2 ** 31)) return value + 0
  const expected = size === undefined ? 'an integer from 0' : `an integer from 0 to ${size - 1}`
  throw new InputError({ code: 'UNIT_OUT_OF_RANGE', field, found: describeValue(value), expected })
}
