import { sortByKey } from '../../events/natural-merge-sort.js'

/** Kept spikes of one trial behind the operators, and where they come from. */
export interface RoutedSpikes {
  /** When they leave the last operator, in ms. */
  readonly times: Float64Array
  readonly units: Uint32Array
  readonly numbers: Uint32Array
  /** Number of the batch that each came with, among those of its input, and its place there; -1: before a state was saved. */
  readonly batches: Int32Array
  readonly places: Int32Array
  /** d(leaving)/d(sending) of each. */
  readonly slopes: Float64Array
}

export function roomForSpikes(count: number): RoutedSpikes {
  return {
    times: new Float64Array(count),
    units: new Uint32Array(count),
    numbers: new Uint32Array(count),
    batches: new Int32Array(count),
    places: new Int32Array(count),
    slopes: new Float64Array(count),
  }
}

/** Copies one spike into its place elsewhere. */
export function putSpike(from: RoutedSpikes, k: number, into: RoutedSpikes, at: number): void {
  into.times[at] = from.times[k] as number
  into.units[at] = from.units[k] as number
  into.numbers[at] = from.numbers[k] as number
  into.batches[at] = from.batches[k] as number
  into.places[at] = from.places[k] as number
  into.slopes[at] = from.slopes[k] as number
}

/** All of them in the order of (time, unit, number). */
export function inEventOrder(parts: readonly RoutedSpikes[]): RoutedSpikes {
  const all = joined(parts)
  const count = all.times.length
  const order = Int32Array.from({ length: count }, (_, k) => k)
  sortByKey(order, new Int32Array(count), count, all.times, (a, b) => {
    const units = (all.units[a] as number) - (all.units[b] as number)
    return units === 0 ? (all.numbers[a] as number) < (all.numbers[b] as number) : units < 0
  })
  const sorted = roomForSpikes(count)
  order.forEach((from, k) => {
    putSpike(all, from, sorted, k)
  })
  return sorted
}

function joined(parts: readonly RoutedSpikes[]): RoutedSpikes {
  const all = roomForSpikes(parts.reduce((sum, { times }) => sum + times.length, 0))
  let at = 0
  for (const part of parts) for (let k = 0; k < part.times.length; k++) putSpike(part, k, all, at++)
  return all
}

/** Some of them, from a place to another. */
export function spikesBetween(spikes: RoutedSpikes, from: number, to: number): RoutedSpikes {
  return {
    times: spikes.times.slice(from, to),
    units: spikes.units.slice(from, to),
    numbers: spikes.numbers.slice(from, to),
    batches: spikes.batches.slice(from, to),
    places: spikes.places.slice(from, to),
    slopes: spikes.slopes.slice(from, to),
  }
}
