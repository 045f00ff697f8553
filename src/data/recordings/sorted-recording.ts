import { placesInOrder } from '../../events/natural-merge-sort.js'
import type { EventRecording } from './event-recordings.js'

/** Events that are compared one by one, where they are of about the same time. */
const MOST_TOGETHER = 64

/** The events of a recording in the order of (time, unit); the same arrays where they are in it. Times are finite. */
export function sortedRecording(recording: EventRecording): EventRecording {
  const { times, units } = recording
  return isSorted(times, units) ? recording : (sortedByPlace(recording) ?? sortedByMerging(recording))
}

function isSorted(times: Float64Array, units: Uint32Array): boolean {
  for (let k = 1; k < times.length; k++) {
    const [before, time] = [times[k - 1] as number, times[k] as number]
    if (time < before || (time === before && (units[k] as number) < (units[k - 1] as number))) return false
  }
  return true
}

/**
 * Puts every event where events would be of its time if they came at a steady rate, and sorts each of these places: linear in
 * the number of events. Null where many are at one place, as in bursts.
 */
function sortedByPlace({ times, units }: EventRecording): EventRecording | null {
  const count = times.length
  let [first, last] = [times[0] as number, times[0] as number]
  for (let k = 1; k < count; k++) {
    const time = times[k] as number
    if (time < first) first = time
    else if (time > last) last = time
  }
  // Each step of this is monotone, however it is rounded: of two places the later one has the later times.
  const scale = (count - 1) / (last - first)
  if (!(scale < Infinity)) return null
  const placeOf = (time: number) => Math.min(count - 1, Math.floor((time - first) * scale))
  const ends = new Uint32Array(count + 1)
  for (let k = 0; k < count; k++) {
    const place = placeOf(times[k] as number)
    ends[place + 1] = (ends[place + 1] as number) + 1
  }
  for (let place = 1; place <= count; place++) {
    const own = ends[place] as number
    if (own > MOST_TOGETHER) return null
    ends[place] = own + (ends[place - 1] as number)
  }
  const found = { times: new Float64Array(count), units: new Uint32Array(count) }
  for (let k = 0; k < count; k++) {
    const place = placeOf(times[k] as number)
    const at = ends[place] as number
    ends[place] = at + 1
    found.times[at] = times[k] as number
    found.units[at] = units[k] as number
  }
  sortNearlySorted(found)
  return found
}

/** By insertion, in place. */
function sortNearlySorted({ times, units }: EventRecording): void {
  for (let k = 1; k < times.length; k++) {
    const [time, unit] = [times[k] as number, units[k] as number]
    let at = k
    for (; at > 0; at--) {
      const before = times[at - 1] as number
      if (before < time || (before === time && (units[at - 1] as number) <= unit)) break
      times[at] = before
      units[at] = units[at - 1] as number
    }
    times[at] = time
    units[at] = unit
  }
}

function sortedByMerging({ times, units }: EventRecording): EventRecording {
  const order = placesInOrder([0, times.length], times, (a, b) => (units[a] as number) < (units[b] as number))
  return {
    times: Float64Array.from(order, (k) => times[k] as number),
    units: Uint32Array.from(order, (k) => units[k] as number),
  }
}
