import { sortByKey } from '../../../../events/natural-merge-sort.js'
import type { SpikeTrains } from '../../../../events/spike-trains.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { EMITTED } from '../../wasm/schema/window-records.js'
import type { RunTape } from '../back/run-tape.js'

/** Collects the spikes of trial after trial, and brings each trial's into event order. */
export function createSpikeStore() {
  let times = new Float64Array(1024)
  let units = new Uint32Array(1024)
  let order = new Int32Array(1024)
  let spare = new Int32Array(1024)
  let count = 0
  let offsets = new Uint32Array(1)
  let places: Uint32Array[] = []

  function widen(): void {
    const grown = 2 * times.length
    const [oldTimes, oldUnits] = [times, units]
    times = new Float64Array(grown)
    units = new Uint32Array(grown)
    times.set(oldTimes)
    units.set(oldUnits)
    order = new Int32Array(grown)
    spare = new Int32Array(grown)
  }

  /** Spikes at one instant go by unit, those of one unit are in order already. */
  function sort(from: number, to: number): void {
    const length = to - from
    for (let k = 0; k < length; k++) order[k] = k
    const part = times.subarray(from, to)
    const precedes = (a: number, b: number) => {
      const [unit, other] = [units[from + a] as number, units[from + b] as number]
      return unit !== other ? unit < other : a < b
    }
    sortByKey(order, spare, length, part, precedes)
    const sorted = order.subarray(0, length)
    const placeOf = new Uint32Array(length)
    const [inOrder, unitsInOrder] = [new Float64Array(length), new Uint32Array(length)]
    sorted.forEach((k, place) => {
      inOrder[place] = part[k] as number
      unitsInOrder[place] = units[from + k] as number
      placeOf[k] = from + place
    })
    times.set(inOrder, from)
    units.set(unitsInOrder, from)
    places.push(placeOf)
  }

  return {
    clear(trials: number): void {
      count = 0
      offsets = new Uint32Array(trials + 1)
      places = []
    },
    add(time: number, unit: number): void {
      if (count === times.length) widen()
      times[count] = time
      units[count++] = unit
    },
    endTrial(trial: number): void {
      sort(offsets[trial] as number, count)
      offsets[trial + 1] = count
    },
    /** Where the spikes have gone since the last `take`: per trial, in the order in which they were added. */
    get places(): readonly Uint32Array[] {
      return places
    },
    /** The spikes since the last `take`. */
    take(): SpikeTrains {
      const trains = { offsets, times: times.slice(0, count), units: units.slice(0, count) }
      count = 0
      offsets = new Uint32Array(offsets.length)
      places = []
      return trains
    },
  }
}

/** Which spikes are of interest, from … up to `before`, in ms; the tape takes them, and the ends of refractory periods. */
export interface Shown {
  readonly from: number
  readonly before: number
  readonly tape: RunTape | null
}

/** Visits the spikes that a kernel has emitted; returns how many ends of refractory periods were between them. */
export function eachEmitted(
  { f64, u32 }: KernelMemory,
  { at, count }: { readonly at: number; readonly count: number },
  { from, before, tape }: Shown,
  visit: (time: number, unit: number) => void,
): number {
  let releases = 0
  for (let k = 0; k < count; k++) {
    const emitted = at + EMITTED.size * k
    const time = f64[(emitted + EMITTED.at.time) / 8] as number
    if (!(time >= from && time < before)) continue
    const unit = u32[(emitted + EMITTED.at.unit) / 4] as number
    const isRelease = u32[(emitted + EMITTED.at.isRelease) / 4] as number
    if (tape !== null) {
      const current = f64[(emitted + EMITTED.at.current) / 8] as number
      const adaptation = f64[(emitted + EMITTED.at.adaptation) / 8] as number
      tape.noteEvent({ time, current, adaptation, unit, isRelease })
    }
    if (isRelease === 0) visit(time, unit)
    else releases++
  }
  return releases
}
