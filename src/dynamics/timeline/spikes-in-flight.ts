import { placesInOrder } from '../../events/natural-merge-sort.js'
import { MinHeap } from '../../numerics/min-heap.js'
import type { PerturbedBatch } from '../noise/perturb-batch.js'
import type { KernelInput } from './kernel-input.js'
import { type Flight, NextArrivals, type SpikesInFlightOptions } from './next-arrivals.js'
import type { WindowArrivalLists } from './window-arrivals.js'

/** Spikes that have become known, trial after trial, with the times at which they are. */
export interface WindowSpikeLists extends WindowArrivalLists {
  /** Where chance may shift arrivals, by how much, and how much later than sent each spike is known, ms; else null. */
  readonly shifts: Float64Array | null
  readonly latencies: Float64Array | null
}

const NONE = new Float64Array(0)

/** A trial of a batch, as far as it is not through: from `next` on. */
interface TrialOfFlight {
  readonly flight: Flight
  readonly trial: number
  next: number
}

interface KnownPart extends Readonly<TrialOfFlight> {
  readonly end: number
}

/**
 * The spikes that a group whose neurons have arrivals of their own has received, until they are known for certain: the kernel
 * keeps those itself, as long as they may arrive somewhere. Every spike is looked at once.
 */
export class SpikesInFlight {
  private readonly options: SpikesInFlightOptions
  /** By the time of their next spike. */
  private readonly unknown = new MinHeap<TrialOfFlight>()
  /** By the earliest arrival of their next spike. */
  private readonly coming = new MinHeap<TrialOfFlight>()
  private readonly arrivals: NextArrivals
  private readonly nothing: WindowSpikeLists
  private flights = 0

  constructor(options: SpikesInFlightOptions) {
    this.options = options
    this.nothing = listsOf(new Uint32Array(options.trials + 1), options.hasShifts)
    this.arrivals = new NextArrivals(options)
  }

  /** @param first number of its first spike among all that were received */
  receive(input: number, late: PerturbedBatch, first: number): void {
    if (late.times.length === 0) return
    const { trials, countsComing } = this.options
    const flight = this.flightOf(input, late, first)
    const { offsets, times } = flight
    this.arrivals.receive(flight)
    for (let trial = 0; trial < trials; trial++) {
      const next = offsets[trial] as number
      if (next === offsets[trial + 1]) continue
      this.unknown.push(times[next] as number, { flight, trial, next })
      if (countsComing) this.coming.push(this.soonest(flight, next), { flight, trial, next })
    }
  }

  private flightOf(input: number, late: PerturbedBatch, first: number): Flight {
    const from = this.options.inputs[input] as KernelInput
    const { offsets, shifts, latencies } = late
    // Units that are known later than others may change places.
    const order =
      from.latency === null
        ? Uint32Array.from(late.times, (_, k) => k)
        : Uint32Array.from(placesInOrder(offsets, late.times))
    return {
      ...{ number: this.flights++, input, offsets },
      times: Float64Array.from(order, (k) => late.times[k] as number),
      units: order.map((k) => late.units[k] as number),
      slots: order.map((k) => first + k),
      shifts: this.options.hasShifts ? Float64Array.from(order, (k) => shifts?.[k] ?? 0) : NONE,
      latencies: this.options.hasShifts ? Float64Array.from(order, (k) => latencies?.[k] ?? 0) : NONE,
    }
  }

  /** When a spike may arrive somewhere at the earliest, as the kernel lists it. */
  private soonest({ input, times, units }: Flight, place: number): number {
    const { inputs, firstUnit, leastDelays } = this.options
    const first = firstUnit[(inputs[input] as KernelInput).projection] as number
    return (times[place] as number) + (leastDelays[first + (units[place] as number)] as number)
  }

  /** What has become known of before a horizon. */
  take(horizon: number): WindowSpikeLists {
    const { inputs, firstUnit, trials, hasShifts } = this.options
    const parts = this.takeParts(horizon)
    if (parts.length === 0) return this.nothing
    const offsets = new Uint32Array(trials + 1)
    for (const { trial, next, end } of parts) offsets[trial + 1] = (offsets[trial + 1] as number) + end - next
    for (let trial = 0; trial < trials; trial++)
      offsets[trial + 1] = (offsets[trial + 1] as number) + (offsets[trial] as number)
    const lists = listsOf(offsets, hasShifts)
    let place = 0
    for (const { flight, next, end } of parts) {
      const { input, times, units, slots, shifts, latencies } = flight
      const first = firstUnit[(inputs[input] as KernelInput).projection] as number
      for (let k = next; k < end; k++, place++) {
        lists.times[place] = times[k] as number
        lists.units[place] = first + (units[k] as number)
        lists.slots[place] = slots[k] as number
        if (lists.shifts !== null) lists.shifts[place] = shifts[k] as number
        if (lists.latencies !== null) lists.latencies[place] = latencies[k] as number
      }
    }
    return lists
  }

  /** The same, trial after trial, batch after batch as they came. */
  private takeParts(horizon: number): readonly KnownPart[] {
    const { unknown } = this
    // Chance may let a spike arrive before it is known, or before the end though it is known after it.
    const stop = this.options.hasShifts ? Number.POSITIVE_INFINITY : Math.min(horizon, this.options.until)
    const parts: KnownPart[] = []
    while (unknown.first() < stop) {
      const { flight, trial, next } = unknown.take() as TrialOfFlight
      const last = flight.offsets[trial + 1] as number
      let end = next + 1
      while (end < last && (flight.times[end] as number) < stop) end++
      parts.push({ flight, trial, next, end })
      if (end < last) unknown.push(flight.times[end] as number, { flight, trial, next: end })
    }
    return parts.sort((a, b) => a.trial - b.trial || a.flight.number - b.flight.number)
  }

  /**
   * How many of the spikes that are known may arrive for the first time in a window up to its horizon; where that of each
   * trial begins. Counts what the kernel lists: all units of an input have one least delay.
   */
  firstComing(since: number, horizon: number): Uint32Array {
    const { coming } = this
    const { trials } = this.options
    const starts = new Uint32Array(trials + 1)
    while (coming.first() < horizon) {
      const { flight, trial, next } = coming.take() as TrialOfFlight
      const last = flight.offsets[trial + 1] as number
      let k = next
      for (; k < last; k++) {
        const soonest = this.soonest(flight, k)
        if (!(soonest < horizon)) break
        if (since <= soonest) starts[trial + 1] = (starts[trial + 1] as number) + 1
      }
      if (k < last) coming.push(this.soonest(flight, k), { flight, trial, next: k })
    }
    for (let trial = 0; trial < trials; trial++)
      starts[trial + 1] = (starts[trial + 1] as number) + (starts[trial] as number)
    return starts
  }

  /** Forgets what arrives nowhere at a time or later. */
  forget(time: number): void {
    this.arrivals.forget(time)
  }

  /** When something arrives next, at a time or later, which never goes back; Infinity: nothing that is known of does. */
  next(since: number): number {
    return this.arrivals.next(since)
  }
}

/** Room for spikes whose trials begin at `offsets`. */
function listsOf(offsets: Uint32Array, hasShifts: boolean): WindowSpikeLists {
  const count = offsets.at(-1) as number
  return {
    offsets,
    times: new Float64Array(count),
    units: new Uint32Array(count),
    slots: new Uint32Array(count),
    shifts: hasShifts ? new Float64Array(count) : null,
    latencies: hasShifts ? new Float64Array(count) : null,
  }
}
