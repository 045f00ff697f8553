import { placesInOrder } from '../../events/natural-merge-sort.js'
import type { SpikeTrains } from '../../events/spike-trains.js'

/** Spikes of several groups in one row, in event order. */
export interface RecordedEvents {
  readonly times: Float64Array
  readonly units: Uint32Array
  /** Number of the group in the recording's list. */
  readonly groups: Uint16Array
}

/** Merges the spikes of groups, one trial each: by (time, group, unit, spike number). */
export function mergeEvents(trains: readonly SpikeTrains[]): RecordedEvents {
  const count = trains.reduce((sum, { times }) => sum + times.length, 0)
  const row = { times: new Float64Array(count), units: new Uint32Array(count), groups: new Uint16Array(count) }
  let at = 0
  trains.forEach(({ times, units }, group) => {
    row.times.set(times, at)
    row.units.set(units, at)
    row.groups.fill(group, at, at + times.length)
    at += times.length
  })
  // The groups stand one behind the other, each in event order.
  const order = placesInOrder([0, count], row.times)
  const place = (k: number) => order[k] as number
  return {
    times: row.times.map((_, k) => row.times[place(k)] as number),
    units: row.units.map((_, k) => row.units[place(k)] as number),
    groups: row.groups.map((_, k) => row.groups[place(k)] as number),
  }
}
