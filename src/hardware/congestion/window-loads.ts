import type { Load } from './chip-congestion.js'

/** Counts packets by window, trial after trial. */
export interface WindowLoads {
  /** In window 0, 1, … of the trial that is counted. */
  add(window: number, packets: number): void
  /** Ends a trial, and with it its windows. */
  endTrial(trial: number): void
  load(): Load
  overCapacity(): number
}

/** @param start when a window begins, ms */
export function createWindowLoads(
  windows: number,
  capacity: number | null,
  start: (window: number) => number,
): WindowLoads {
  const counts = new Float64Array(windows)
  const touched = new Set<number>()
  let [packets, most, busiest, busiestTrial, over] = [0, 0, 0, 0, 0]
  return {
    add(window, count) {
      counts[window] = (counts[window] as number) + count
      touched.add(window)
    },
    endTrial(trial) {
      for (const window of [...touched].sort((a, b) => a - b)) {
        const count = counts[window] as number
        counts[window] = 0
        packets += count
        if (capacity !== null && count > capacity) over++
        if (count > most) [most, busiest, busiestTrial] = [count, window, trial]
      }
      touched.clear()
    },
    load: () => ({ packets, most, trial: busiestTrial, start: start(busiest), capacity }),
    overCapacity: () => over,
  }
}
