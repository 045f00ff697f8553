import type { Window } from '../../events/window.js'

/** The multiples of `every` in a window, in ms; k · every, however the time is cut into windows. */
export function sampleTimes({ start, end }: Window, every: number): Float64Array {
  let first = Math.floor(start / every)
  while (first * every < start) first++
  let last = Math.max(first, Math.floor(end / every))
  while (last > first && (last - 1) * every >= end) last--
  while (last * every < end) last++
  return Float64Array.from({ length: last - first }, (_, k) => (first + k) * every)
}
