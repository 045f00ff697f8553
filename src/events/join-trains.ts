import { sortByKey } from './natural-merge-sort.js'
import type { SpikeTrains } from './spike-trains.js'

/** Spikes of one group from consecutive windows, joined; `places[w][k]` is where spike k of window w went. */
export interface JoinedTrains {
  readonly trains: SpikeTrains
  /** Of a single window they are made when they are asked for. */
  readonly places: readonly Int32Array[]
}

/**
 * Joins the spikes of one group from consecutive windows, in event order within each trial. A single window is taken as
 * it is, without a copy.
 */
export function joinTrains(windows: readonly SpikeTrains[]): JoinedTrains {
  const [only] = windows
  if (only !== undefined && windows.length === 1) {
    const { offsets, times, units } = only
    return {
      trains: { offsets, times, units },
      get places() {
        return [upTo(times.length)]
      },
    }
  }
  return mergeWindows(windows)
}

/** 0, 1, … length - 1. */
function upTo(length: number): Int32Array {
  const numbers = new Int32Array(length)
  for (let k = 0; k < length; k++) numbers[k] = k
  return numbers
}

/** All spikes are numbered through, window after window; each trial's numbers are then sorted. */
function mergeWindows(windows: readonly SpikeTrains[]): JoinedTrains {
  const trials = (windows[0]?.offsets.length ?? 1) - 1
  const { firsts, times, units } = concatenate(windows)
  const offsets = new Uint32Array(trials + 1)
  const order = new Int32Array(times.length)
  const spare = new Int32Array(times.length)
  const byUnit = (a: number, b: number) => (units[a] as number) < (units[b] as number)
  for (let trial = 0; trial < trials; trial++) {
    const from = offsets[trial] as number
    let to = from
    for (let w = 0; w < windows.length; w++) {
      const { offsets: ofWindow } = windows[w] as SpikeTrains
      const first = firsts[w] as number
      const end = first + (ofWindow[trial + 1] as number)
      for (let spike = first + (ofWindow[trial] as number); spike < end; spike++) order[to++] = spike
    }
    sortByKey(order.subarray(from, to), spare, to - from, times, byUnit)
    offsets[trial + 1] = to
  }
  const joined = { offsets, times: new Float64Array(times.length), units: new Uint32Array(times.length) }
  const places = new Int32Array(times.length)
  for (let place = 0; place < order.length; place++) {
    const spike = order[place] as number
    joined.times[place] = times[spike] as number
    joined.units[place] = units[spike] as number
    places[spike] = place
  }
  const placesOf = ({ times }: SpikeTrains, w: number) => {
    return places.subarray(firsts[w], (firsts[w] as number) + times.length)
  }
  return { trains: joined, places: windows.map(placesOf) }
}

/** The spikes of all windows in one row, and the number of each window's first spike there. */
function concatenate(windows: readonly SpikeTrains[]) {
  const firsts = new Int32Array(windows.length)
  let total = 0
  for (let w = 0; w < windows.length; w++) {
    firsts[w] = total
    total += (windows[w] as SpikeTrains).times.length
  }
  const times = new Float64Array(total)
  const units = new Uint32Array(total)
  windows.forEach((window, w) => {
    times.set(window.times, firsts[w])
    units.set(window.units, firsts[w])
  })
  return { firsts, times, units }
}
