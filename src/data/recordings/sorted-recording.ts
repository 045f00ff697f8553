import { sortByKey } from '../../events/natural-merge-sort.js'
import type { EventRecording } from './event-recordings.js'

/** The events of a recording in the order of (time, unit); the same arrays where they are in it. */
export function sortedRecording({ times, units }: EventRecording): EventRecording {
  if (isSorted(times, units)) return { times, units }
  const count = times.length
  const order = Int32Array.from({ length: count }, (_, k) => k)
  const before = (a: number, b: number) => (units[a] as number) < (units[b] as number)
  sortByKey(order, new Int32Array(count), count, times, before)
  return {
    times: Float64Array.from(order, (k) => times[k] as number),
    units: Uint32Array.from(order, (k) => units[k] as number),
  }
}

function isSorted(times: Float64Array, units: Uint32Array): boolean {
  for (let k = 1; k < times.length; k++) {
    const [before, time] = [times[k - 1] as number, times[k] as number]
    if (time < before || (time === before && (units[k] as number) < (units[k - 1] as number))) return false
  }
  return true
}
