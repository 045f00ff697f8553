import type { SpikeTrains } from '../events/spike-trains.js'
import { sortByKey } from './natural-merge-sort.js'

/** Spikes of one group from consecutive windows, joined; `places[w][k]` is where spike k of window w went. */
export interface JoinedTrains {
  readonly trains: SpikeTrains
  readonly places: readonly Int32Array[]
}

/** Joins the spikes of one group from consecutive windows, in event order within each trial. */
export function joinTrains(windows: readonly SpikeTrains[]): JoinedTrains {
  const trials = (windows[0]?.offsets.length ?? 1) - 1
  const total = windows.reduce((sum, { times }) => sum + times.length, 0)
  const offsets = new Uint32Array(trials + 1)
  const times = new Float64Array(total)
  const units = new Uint32Array(total)
  const places = windows.map((window) => new Int32Array(window.times.length))
  let to = 0
  for (let trial = 0; trial < trials; trial++) {
    const entries = windows.flatMap((window, w) => {
      const [from, end] = [window.offsets[trial] as number, window.offsets[trial + 1] as number]
      return Array.from({ length: end - from }, (_, k) => ({ w, k: from + k }))
    })
    const keys = Float64Array.from(entries, ({ w, k }) => windows[w]?.times[k] as number)
    const unitOf = (e: number) => windows[entries[e]?.w as number]?.units[entries[e]?.k as number] as number
    const order = Int32Array.from(entries, (_, e) => e)
    sortByKey(order, new Int32Array(order.length), order.length, keys, (a, b) => unitOf(a) < unitOf(b))
    for (const e of order) {
      const { w, k } = entries[e] as { w: number; k: number }
      times[to] = keys[e] as number
      units[to] = unitOf(e)
      ;(places[w] as Int32Array)[k] = to++
    }
    offsets[trial + 1] = to
  }
  return { trains: { offsets, times, units }, places }
}
