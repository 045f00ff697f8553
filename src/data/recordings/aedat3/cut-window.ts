import type { EventRecording } from '../event-recordings.js'

/** The events of a sorted recording from a microsecond to another, without the last; times count from the first. */
export function cutWindow({ times, units }: EventRecording, start: number, end: number): EventRecording {
  const [from, to] = [firstFrom(times, start / 1000), firstFrom(times, end / 1000)]
  // Back in whole microseconds, for the difference of two rounded times is not that of the times.
  const cut = times.slice(from, to).map((time) => (Math.round(time * 1000) - start) / 1000)
  return { times: cut, units: units.slice(from, to) }
}

/** The place of the first time that is not before another. */
function firstFrom(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] as number) < time) low = middle + 1
    else high = middle
  }
  return low
}
