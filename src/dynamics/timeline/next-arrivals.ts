import { delayOfSynapse } from '../../network/graph/delay-of-synapse.js'
import { firstWhere } from '../../numerics/first-where.js'
import { MinHeap } from '../../numerics/min-heap.js'
import { shiftedDelay } from '../noise/spike-noise.js'
import type { Afferent, DelayRange } from '../parameters/synapses.js'
import type { KernelInput } from './kernel-input.js'
import type { WindowArrivalsOptions } from './window-arrivals.js'

/** A batch in the order of its times within each trial. */
export interface Flight {
  /** Among all batches received. */
  readonly number: number
  readonly input: number
  readonly times: Float64Array
  readonly units: Uint32Array
  readonly slots: Uint32Array
  readonly shifts: Float64Array
  readonly latencies: Float64Array
  readonly offsets: Uint32Array
}

export interface SpikesInFlightOptions extends WindowArrivalsOptions {
  /** Of each input, with what noise may do to it. */
  readonly ranges: readonly DelayRange[]
  /** See `leastDelaysOf`. */
  readonly leastDelays: Float64Array
  /** Chance may shift arrivals. */
  readonly hasShifts: boolean
  /** Spikes are undone with the window of their earliest arrival. */
  readonly countsComing: boolean
}

/** Spikes from … to - 1 of one trial: of one alone its next arrival is known, of several the earliest that there may be. */
interface Arriving {
  readonly flight: Flight
  readonly from: number
  readonly to: number
}

/** The queue is looked through when it has grown to twice what was left, and to this. */
const FEW = 64

/** When the spikes that a group has received arrive next, where every synapse has a delay of its own. */
export class NextArrivals {
  private readonly options: SpikesInFlightOptions
  /** Per projection, of units that were asked for. */
  private readonly sortedDelays: readonly (Float64Array | undefined)[][]
  private readonly queue = new MinHeap<Arriving>()
  private most = FEW

  constructor(options: SpikesInFlightOptions) {
    this.options = options
    this.sortedDelays = options.synapses.afferents.map(({ sourceSize }) => new Array(sourceSize).fill(undefined))
  }

  receive(flight: Flight): void {
    for (let trial = 0; trial < this.options.trials; trial++)
      this.wait(flight, flight.offsets[trial] as number, flight.offsets[trial + 1] as number)
  }

  /** Queues some spikes by the earliest arrival that the first of them may have. */
  private wait(flight: Flight, from: number, to: number): void {
    if (from === to) return
    const { least } = this.options.ranges[flight.input] as DelayRange
    this.queue.push((flight.times[from] as number) + least, { flight, from, to })
  }

  /** At a time or later, which never goes back; Infinity: nothing arrives before the end. */
  next(since: number): number {
    const { queue } = this
    const { until } = this.options
    for (;;) {
      const first = queue.first()
      if (!(first < until)) return Number.POSITIVE_INFINITY
      const { flight, from, to } = queue.take() as Arriving
      const arrival = this.nextOf(flight, from, since)
      this.wait(flight, from + 1, to)
      if (arrival < until) queue.push(arrival, { flight, from, to: from + 1 })
      if (arrival === first) return arrival
    }
  }

  /** Forgets what arrives nowhere at a time or later. */
  forget(time: number): void {
    const { queue } = this
    if (queue.size < this.most) return
    queue.keep(({ flight, to }) => {
      const { most } = this.options.ranges[flight.input] as DelayRange
      return (flight.times[to - 1] as number) + most >= time
    })
    this.most = Math.max(FEW, 2 * queue.size)
  }

  /** When a spike arrives next, at a time or later; Infinity: nowhere. */
  private nextOf({ input, times, units, shifts, latencies }: Flight, place: number, since: number): number {
    const { inputs, hasShifts } = this.options
    const { projection } = inputs[input] as KernelInput
    const ways = this.delaysOf(projection, units[place] as number)
    const time = times[place] as number
    const arrival = (way: number) => {
      const delay = ways[way] as number
      return time + (hasShifts ? shiftedDelay(delay, shifts[place] as number, latencies[place]) : delay)
    }
    const way = firstWhere(ways.length, (at) => arrival(at) >= since)
    return way < ways.length ? arrival(way) : Number.POSITIVE_INFINITY
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
