import type { SpikeBatch } from '../../../../events/spike-batch.js'
import { delayOfSynapse } from '../../../../network/graph/delay-of-synapse.js'
import { firstWhere } from '../../../../numerics/first-where.js'
import type { KernelInput } from '../../../inputs/kernel-input.js'
import { lateBatch } from '../../../inputs/late-batch.js'
import type { PerturbedBatch } from '../../../noise/perturbed-batch.js'
import { shiftedDelay } from '../../../noise/spike-noise.js'
import type { Afferent, DelayRange } from '../../../parameters/synapses.js'
import type { WindowArrivalLists, WindowArrivalsOptions } from './window-arrivals.js'

/** Spikes that may arrive somewhere in a window, trial after trial, with the times at which they are known. */
export interface WindowSpikeLists extends WindowArrivalLists {
  /** Where chance may shift arrivals, by how much, and how much later than sent each spike is known, ms; else null. */
  readonly shifts: Float64Array | null
  readonly latencies: Float64Array | null
}

export interface SpikesInFlightOptions extends WindowArrivalsOptions {
  /** Of each input, with what noise may do to it. */
  readonly ranges: readonly DelayRange[]
  /** See `leastDelaysOf`. */
  readonly leastDelays: Float64Array
  /** Chance may shift arrivals. */
  readonly hasShifts: boolean
}

const NONE = new Float64Array(0)

/** A batch in the order of its times within each trial; those before `next` have arrived everywhere. */
interface Flight {
  readonly input: number
  readonly times: Float64Array
  readonly units: Uint32Array
  readonly slots: Uint32Array
  readonly shifts: Float64Array
  readonly latencies: Float64Array
  readonly offsets: Uint32Array
  readonly next: Uint32Array
  /** Per trial, what is known before the last horizon ends here. */
  readonly known: Uint32Array
  /** Its next arrival when it was last asked for. */
  soonest: number
}

/** The spikes that a group whose neurons have arrivals of their own has received, as long as they may arrive somewhere. */
export class SpikesInFlight {
  private readonly options: SpikesInFlightOptions
  private readonly flights: Flight[] = []
  /** Per projection, of units that were asked for. */
  private readonly sortedDelays: readonly (Float64Array | undefined)[][]
  /** Spikes received so far. */
  count = 0

  constructor(options: SpikesInFlightOptions) {
    this.options = options
    this.sortedDelays = options.synapses.afferents.map(({ sourceSize }) => new Array(sourceSize).fill(undefined))
  }

  /** @returns the number of its first spike among all that were received */
  receive(input: number, batch: SpikeBatch): number {
    const first = this.count
    this.count += batch.times.length
    if (batch.times.length > 0) this.flights.push(this.flightOf(input, batch, first))
    return first
  }

  private flightOf(input: number, batch: SpikeBatch, first: number): Flight {
    const from = this.options.inputs[input] as KernelInput
    const late: PerturbedBatch = lateBatch(from, batch)
    const { offsets } = late
    const order = Uint32Array.from(late.times, (_, k) => k)
    // Units that are known later than others may change places.
    for (let trial = 0; from.latency !== null && trial < this.options.trials; trial++)
      order.subarray(offsets[trial], offsets[trial + 1]).sort((a, b) => {
        return (late.times[a] as number) - (late.times[b] as number) || a - b
      })
    const { shifts, latencies } = late
    return {
      ...{ input, offsets, next: offsets.slice(0, -1), known: offsets.slice(1) },
      soonest: Number.NEGATIVE_INFINITY,
      times: Float64Array.from(order, (k) => late.times[k] as number),
      units: order.map((k) => late.units[k] as number),
      slots: order.map((k) => first + k),
      shifts: this.options.hasShifts ? Float64Array.from(order, (k) => shifts?.[k] ?? 0) : NONE,
      latencies: this.options.hasShifts ? Float64Array.from(order, (k) => latencies?.[k] ?? 0) : NONE,
    }
  }

  /** All that may arrive before a horizon; the same spikes again until they are forgotten. */
  take(horizon: number): WindowSpikeLists {
    const { inputs, firstUnit, trials, hasShifts } = this.options
    const offsets = this.countKnown(horizon)
    const count = offsets[trials] as number
    const lists = {
      offsets,
      times: new Float64Array(count),
      units: new Uint32Array(count),
      slots: new Uint32Array(count),
      shifts: hasShifts ? new Float64Array(count) : null,
      latencies: hasShifts ? new Float64Array(count) : null,
    }
    let place = 0
    for (let trial = 0; trial < trials; trial++)
      for (const { input, times, units, slots, shifts, latencies, next, known } of this.flights) {
        const first = firstUnit[(inputs[input] as KernelInput).projection] as number
        const end = known[trial] as number
        for (let k = next[trial] as number; k < end; k++, place++) {
          lists.times[place] = times[k] as number
          lists.units[place] = first + (units[k] as number)
          lists.slots[place] = slots[k] as number
          if (lists.shifts !== null) lists.shifts[place] = shifts[k] as number
          if (lists.latencies !== null) lists.latencies[place] = latencies[k] as number
        }
      }
    return lists
  }

  /**
   * Of what was taken last, how much may arrive for the first time in a window up to its horizon; where that of each trial
   * begins. Counts what the kernel lists.
   */
  firstComing(since: number, horizon: number): Uint32Array {
    const { inputs, firstUnit, leastDelays, trials } = this.options
    const starts = new Uint32Array(trials + 1)
    for (let trial = 0; trial < trials; trial++) {
      let count = starts[trial] as number
      for (const { input, times, units, next, known } of this.flights) {
        const first = firstUnit[(inputs[input] as KernelInput).projection] as number
        for (let k = next[trial] as number; k < (known[trial] as number); k++) {
          const soonest = (times[k] as number) + (leastDelays[first + (units[k] as number)] as number)
          if (since <= soonest && soonest < horizon) count++
        }
      }
      starts[trial + 1] = count
    }
    return starts
  }

  /** Looks up which spikes are known before a horizon; returns where those of each trial begin in the list of them. */
  private countKnown(horizon: number): Uint32Array {
    const { trials, hasShifts } = this.options
    const offsets = new Uint32Array(trials + 1)
    for (const { times, next, offsets: ends, known } of this.flights)
      for (let trial = 0; trial < trials; trial++) {
        const [from, last] = [next[trial] as number, ends[trial + 1] as number]
        // Chance may let a spike arrive before it is known.
        let end = hasShifts ? last : from
        while (end < last && (times[end] as number) < horizon) end++
        known[trial] = end
        offsets[trial + 1] = (offsets[trial + 1] as number) + end - from
      }
    for (let trial = 0; trial < trials; trial++)
      offsets[trial + 1] = (offsets[trial + 1] as number) + (offsets[trial] as number)
    return offsets
  }

  /** Forgets what arrives nowhere at a time or later. */
  forget(time: number): void {
    const { ranges, trials, until, hasShifts } = this.options
    // Chance may let a spike arrive before the end that is known after it.
    const last = hasShifts ? Number.POSITIVE_INFINITY : until
    const isGone = ({ input, times, offsets, next }: Flight) => {
      const { most } = ranges[input] as DelayRange
      let isEmpty = true
      for (let trial = 0; trial < trials; trial++) {
        const end = offsets[trial + 1] as number
        let k = next[trial] as number
        while (k < end && ((times[k] as number) + most < time || (times[k] as number) >= last)) k++
        next[trial] = k
        isEmpty &&= k === end
      }
      return isEmpty
    }
    let kept = 0
    for (const flight of this.flights) if (!isGone(flight)) this.flights[kept++] = flight
    this.flights.length = kept
  }

  /** When something arrives next, at a time or later, which never goes back; Infinity: nothing that is known of does. */
  next(since: number): number {
    let soonest = Number.POSITIVE_INFINITY
    for (const flight of this.flights) {
      // What comes next stays so until it has come.
      if (flight.soonest < since) flight.soonest = this.soonestOf(flight, since)
      soonest = Math.min(soonest, flight.soonest)
    }
    return soonest
  }

  /** When something of a batch arrives next, at a time or later; Infinity: nothing does before the end. */
  private soonestOf(flight: Flight, since: number): number {
    let soonest = this.options.until
    for (let trial = 0; trial < this.options.trials; trial++) soonest = this.nextOf(flight, trial, since, soonest)
    return soonest < this.options.until ? soonest : Number.POSITIVE_INFINITY
  }

  /** The same in a trial; at most `before`. */
  private nextOf(flight: Flight, trial: number, since: number, before: number): number {
    const { inputs, ranges, hasShifts } = this.options
    const { input, times, units, shifts, latencies, offsets, next } = flight
    const { projection } = inputs[input] as KernelInput
    const { least } = ranges[input] as DelayRange
    let soonest = before
    for (let k = next[trial] as number; k < (offsets[trial + 1] as number); k++) {
      const time = times[k] as number
      // Where chance moves spikes, they are not in the order of what they cause.
      if (!hasShifts && time + least >= soonest) break
      const ways = this.delaysOf(projection, units[k] as number)
      const arrival = (way: number) => {
        const delay = ways[way] as number
        return time + (hasShifts ? shiftedDelay(delay, shifts[k] as number, latencies[k]) : delay)
      }
      const way = hasShifts ? firstWhere(ways.length, (at) => arrival(at) >= since) : firstFrom(ways, time, since)
      if (way < ways.length) soonest = Math.min(soonest, arrival(way))
    }
    return soonest
  }

  /** Those of the synapses of a unit, the shortest one first. */
  private delaysOf(projection: number, unit: number): Float64Array {
    const { synapses, delays } = this.options
    const known = this.sortedDelays[projection]?.[unit]
    if (known !== undefined) return known
    const { delayShape, delayBase, base } = synapses.afferents[projection] as Afferent
    const { start, list } = synapses.fan(projection)
    const own = list.subarray(start[unit], start[unit + 1])
    const sorted = Float64Array.from(own, (s) => delayOfSynapse(delays, delayShape, delayBase, unit, s - base)).sort()
    const ofProjection = this.sortedDelays[projection]
    if (ofProjection !== undefined) ofProjection[unit] = sorted
    return sorted
  }
}

/** The first of some delays, in ascending order, after which a spike arrives at a time or later. */
function firstFrom(delays: Float64Array, time: number, since: number): number {
  let [first, end] = [0, delays.length]
  while (first < end) {
    const middle = (first + end) >> 1
    if (time + (delays[middle] as number) >= since) end = middle
    else first = middle + 1
  }
  return first
}
