import { InputError } from '../events/errors.js'
import type { SpikeTrains } from '../events/spike-trains.js'
import { describeGroup, isGiven } from '../network/description/given-source.js'
import type { Group, Network } from '../network/description/network.js'
import { suggestionFor } from '../network/reading/nearest-name.js'
import { parseJson, readingFile } from '../network/reading/parse-json.js'
import { refuseUnknown } from '../network/reading/read-fields.js'
import { numbersThat, readList } from '../network/reading/read-list.js'
import { readNetwork } from '../network/reading/read-network.js'
import { indexBelow, type NumberRule } from '../network/reading/read-number.js'
import { readRecord } from '../network/reading/read-value.js'
import { wrongShape } from '../network/reading/wrong-value.js'

/** The input spikes of one trial, one entry per source group of the network that is given its spikes. */
export interface ParsedInput {
  /** In (time, unit, number) order, as everywhere. */
  readonly trains: Readonly<Record<string, SpikeTrains>>
  /** `fileOrder[group][k]` is the place in the file of spike k of `trains`. */
  readonly fileOrder: Readonly<Record<string, Uint32Array>>
}

const TIME: NumberRule = {
  code: 'INPUT_TIME_NEGATIVE',
  expected: 'a time in ms, >= 0',
  holds: (value) => value >= 0,
}

/**
 * The input spikes that an input file describes, checked against the network.
 *
 * Two equal entries are two spikes; a source group that is absent has none, one that emits by itself must be absent. Times
 * at or after the end of the trial are kept: they never happen, but the gradient has a place (a zero) for each of them.
 *
 * Raises `InputError` naming file, place, found and expected: `JSON_INVALID`, `GROUP_UNKNOWN`, `GROUP_NOT_SOURCE`,
 * `GROUP_EMITS`, `SHAPE_MISMATCH`, `INPUT_TIME_NEGATIVE`, `INPUT_TIMES_UNSORTED`, `NUMBER_NOT_FINITE`, `UNIT_OUT_OF_RANGE`,
 * `FIELD_UNKNOWN`, `FIELD_MISSING`, `FIELD_TYPE`.
 */
export function parseInput(text: string, network: Network, file?: string): ParsedInput {
  readNetwork(network)
  return readingFile(file, () => {
    const record = readRecord(parseJson(text), '$')
    const groups = new Map(network.groups.map((group) => [group.name, group]))
    const given = new Map(Object.entries(record).map(([name, value]) => [knownSource(name, groups).name, value]))
    const trains = new Map<string, SpikeTrains>()
    const fileOrder = new Map<string, Uint32Array>()
    for (const group of network.groups) {
      if (!isGiven(group)) continue
      const { name, size } = group
      const spikes = given.has(name) ? parseSpikes(given.get(name), size, name) : { times: [], units: [] }
      const order = eventOrder(spikes)
      trains.set(name, inOrder(spikes, order))
      fileOrder.set(name, order)
    }
    return { trains: Object.fromEntries(trains), fileOrder: Object.fromEntries(fileOrder) }
  })
}

interface Spikes {
  readonly times: readonly number[]
  readonly units: readonly number[]
}

function knownSource(name: string, groups: ReadonlyMap<string, Group>): Group {
  const group = groups.get(name)
  if (group !== undefined && isGiven(group)) return group
  const sources = [...groups.values()].filter(isGiven).map((source) => source.name)
  throw new InputError({
    code: group === undefined ? 'GROUP_UNKNOWN' : group.kind === 'source' ? 'GROUP_EMITS' : 'GROUP_NOT_SOURCE',
    field: name,
    found: group === undefined ? 'a group that the network does not have' : describeGroup(group),
    expected: sources.length === 0 ? 'nothing, for the network has no source of input' : `one of ${sources.join(', ')}`,
    ...suggestionFor(name, sources),
  })
}

function parseSpikes(value: unknown, size: number, place: string): Spikes {
  const record = readRecord(value, place)
  refuseUnknown(record, ['times', 'units'], place)
  const { length } = readList(record.times, `${place}.times`)
  const times = numbersThat(TIME, length)(record.times, `${place}.times`)
  const late = times.findIndex((time, k) => k > 0 && time < (times[k - 1] as number))
  if (late > 0) {
    throw new InputError({
      code: 'INPUT_TIMES_UNSORTED',
      field: `${place}.times[${late}]`,
      found: `${times[late]} after ${times[late - 1]}`,
      expected: 'times that never decrease',
    })
  }
  const units = readList(record.units, `${place}.units`)
  if (units.length !== length) throw wrongShape(`${place}.units`, `${units.length} units`, `${length}, one per time`)
  return { times, units: units.map((unit, k) => indexBelow(size, 'UNIT_OUT_OF_RANGE')(unit, `${place}.units[${k}]`)) }
}

/** The places of the spikes in (time, unit, number) order; equal spikes keep their order. */
function eventOrder({ times, units }: Spikes): Uint32Array {
  const order = Uint32Array.from(times.keys())
  return order.sort((a, b) => {
    return (times[a] as number) - (times[b] as number) || (units[a] as number) - (units[b] as number) || a - b
  })
}

function inOrder({ times, units }: Spikes, order: Uint32Array): SpikeTrains {
  return {
    offsets: Uint32Array.of(0, order.length),
    times: Float64Array.from(order, (k) => times[k] as number),
    units: Uint32Array.from(order, (k) => units[k] as number),
  }
}
