import { InternalError } from '../../events/errors.js'
import type { PerturbedBatch } from '../noise/perturb-batch.js'
import type { SpikeNoise } from '../noise/spike-noise.js'
import type { DelayRange, Synapses } from '../parameters/synapses.js'
import type { Pulse } from '../pulse.js'
import { Arrivals } from './arrivals.js'
import { arrivalRanges, delayRanges, type KernelInput } from './kernel-input.js'
import { type InFlight, ReceivedBatches, type ReturnedGradients } from './received-batches.js'

/** A received batch and the gradients that grow while its arrivals are undone. */
export interface QueuedBatch {
  /** As it was sent; this is what gradients return for. */
  readonly batch: PerturbedBatch
  /** As it is known here. */
  readonly late: PerturbedBatch
  /** Ordinal of its first spike among all spikes received through the projection. */
  readonly first: number
  /** Node after node, one per spike. */
  readonly values: Float64Array
}

export interface QueueOptions {
  readonly trials: number
  readonly until: number
  /** Every trial is queued as a whole, one after the other, and ordinals count within the trial. */
  readonly whole: boolean
  /** Batches are kept until their gradients return. */
  readonly gradients: boolean
  /** Spikes are kept as long as they may arrive somewhere. Default false. */
  readonly segmented?: boolean
  /** See `KernelOptions`. */
  readonly spikeNoise?: SpikeNoise
}

/** One input's batches, in the order of its watermarks. */
interface Stream {
  readonly input: KernelInput
  batches: QueuedBatch[]
  /** Forward: batches already queued. Backward: batches not yet queued. */
  queued: number
}

/**
 * The arrivals at a group in event order, trial by trial, of the spike batches that its kernel has received: how far they are
 * queued, forward and back.
 *
 * Ordinals are unique within a projection. Those of different inputs interleave as messages happen to arrive, which
 * cannot show: arrivals at one instant are ordered by source unit first, and a unit belongs to one input.
 */
export class ArrivalQueues {
  private readonly synapses: Synapses
  private readonly inputs: readonly KernelInput[]
  /** Values that return per spike. */
  private readonly valuesPerSpike: number
  private readonly streams: readonly Stream[]
  private readonly received: ReceivedBatches
  /** One per trial; of whole trials one for all. */
  private readonly queues: Arrivals[] = []
  private delays: Float64Array = new Float64Array(0)
  /** Cached after the first request: ranges of the delays, and the same with the noise of the current run. */
  private ranges: readonly DelayRange[] | null = null
  private reaches: readonly DelayRange[] | null = null
  private options: QueueOptions = { trials: 0, until: 0, whole: true, gradients: false }
  /** Backward: every arrival at this instant or later is undone. */
  private undone = Infinity
  /** Spikes received, per projection. */
  private ordinals: number[] = []

  constructor(synapses: Synapses, inputs: readonly KernelInput[], valuesPerSpike: number) {
    this.synapses = synapses
    this.valuesPerSpike = valuesPerSpike
    this.inputs = inputs
    this.streams = inputs.map((input) => ({ input, batches: [], queued: 0 }))
    this.received = new ReceivedBatches(inputs)
  }

  /** Delays may have changed: fan-outs follow their order, and with them how soon and how late spikes may arrive. */
  followDelays(delays: Float64Array): void {
    this.synapses.followDelays(delays)
    this.delays = delays
    this.ranges = null
    this.reaches = null
  }

  /** How soon after a spike of each input it may arrive. */
  smallestDelays(): readonly number[] {
    return this.reachOfInputs().map(({ least }) => least)
  }

  private reachOfInputs(): readonly DelayRange[] {
    this.reaches ??= this.rangesOfDelays()
    return this.reaches
  }

  private rangesOfDelays(): readonly DelayRange[] {
    this.ranges ??= delayRanges(this.inputs, this.synapses, this.delays)
    return this.ranges
  }

  /** Arrivals before `start` have happened. */
  begin(options: QueueOptions, pulse: Pulse, start = 0): void {
    const { trials, whole, spikeNoise, segmented = false, gradients } = options
    const { inputs, synapses, queues, delays } = this
    this.options = options
    this.undone = Infinity
    const reaches = arrivalRanges(inputs, this.rangesOfDelays(), spikeNoise)
    this.reaches = reaches
    this.ordinals = synapses.afferents.map(() => 0)
    const reach = synapses.reachOf(delays)
    this.received.begin({ segmented, gradients, reach, leastDelay: (input) => reaches[input]?.least ?? Infinity })
    for (const stream of this.streams) Object.assign(stream, { batches: [], queued: 0 })
    while (queues.length < (whole ? 1 : trials)) queues.push(new Arrivals(synapses))
    for (const queue of queues) queue.begin(pulse, start)
  }

  receive(input: number, batch: PerturbedBatch): void {
    const stream = this.streams[input] as Stream
    const { projection } = stream.input
    const count = batch.times.length
    const first = this.ordinals[projection] as number
    const values = new Float64Array(this.options.gradients ? count * this.valuesPerSpike : 0)
    stream.batches.push({ batch, late: this.received.receive(input, batch).late, first, values })
    this.ordinals[projection] = first + count
  }

  /** Number of spikes received through projection p. */
  spikes(p: number): number {
    return this.ordinals[p] as number
  }

  /** The queue of a trial, with the arrivals of the batches that came since `markQueued`. */
  forward(trial: number): Arrivals {
    return this.fill(trial, ({ queued, batches }) => [queued, batches.length])
  }

  /** When something arrives next in a trial; Infinity: nothing that has come does. Not in whole trials. */
  nextArrival(trial: number): number {
    const { from, to, times } = this.forward(trial)
    return from < to ? (times[from] as number) : Infinity
  }

  /** @param reached nothing arrives before it any more */
  markQueued(reached = 0): void {
    for (const stream of this.streams) {
      if (!this.options.gradients) stream.batches = []
      stream.queued = stream.batches.length
    }
    this.received.forget(reached)
  }

  /** By key of their projection the spikes received, of which some synapse may let arrive one at `time` or later. */
  inFlight(time: number): InFlight {
    return this.received.inFlight(time, this.options.trials)
  }

  /** Takes the spikes that are in flight at `time`. */
  receiveInFlight(inFlight: InFlight, time: number): void {
    for (const { input, batch } of this.received.split(inFlight, time, this.options.trials)) this.receive(input, batch)
  }

  /** @param reached how far the forward pass went */
  beginBackward(reached: number): void {
    this.undone = reached
    for (const stream of this.streams) stream.queued = stream.batches.length
    for (const queue of this.queues) queue.clear()
  }

  /** The queue of a trial, with the arrivals of the batches that can reach `start` or later. */
  backward(trial: number, start: number): Arrivals {
    return this.fill(trial, (stream, input) => [this.outOfReach(stream, input, start), stream.queued])
  }

  /** @param start of the step that is undone: 0 of the first one */
  markUndone(start: number): void {
    this.undone = start
    this.streams.forEach((stream, input) => {
      stream.queued = this.outOfReach(stream, input, start)
    })
  }

  /** Visits the batches of projection p, the last input's last one first. */
  eachBackward(p: number, visit: (entry: QueuedBatch) => void): void {
    for (const { batches, input } of this.streams.toReversed())
      if (input.projection === p) for (let b = batches.length - 1; b >= 0; b--) visit(batches[b] as QueuedBatch)
  }

  /**
   * See `ReceivedBatches`.
   *
   * @param update brings the values of a batch up to date
   */
  takeReturned(update: (projection: number, entry: QueuedBatch) => void): readonly ReturnedGradients[] {
    return this.received.takeReturned(this.undone, ({ input }, place) => {
      const stream = this.streams[input] as Stream
      const entry = stream.batches[place] as QueuedBatch
      update(stream.input.projection, entry)
      return entry.values
    })
  }

  /** How many of the arrivals that were taken have come over a delay since this was asked last. */
  takeDelayCount(): number {
    return this.queues.reduce((sum, queue) => sum + queue.takeDelayCount(), 0)
  }

  private fill(trial: number, range: (stream: Stream, input: number) => readonly [from: number, to: number]): Arrivals {
    const { until, whole } = this.options
    const queue = this.queues[whole ? 0 : trial]
    if (queue === undefined) throw new InternalError(`There is no queue of trial ${trial}.`, { trial })
    if (whole) queue.clear()
    const before = queue.to - queue.from
    // Of each projection: its spikes in the trial so far.
    const withinTrial = this.ordinals.map(() => 0)
    this.streams.forEach((stream, input) => {
      const { projection } = stream.input
      const [from, to] = range(stream, input)
      for (let b = from; b < to; b++) {
        const { late, first } = stream.batches[b] as QueuedBatch
        const begin = late.offsets[trial] as number
        const earlier = withinTrial[projection] as number
        queue.add(projection, late, trial, whole ? earlier : first + begin, until, this.delays)
        withinTrial[projection] = earlier + (late.offsets[trial + 1] as number) - begin
      }
    })
    if (queue.to - queue.from !== before) queue.sort()
    return queue
  }

  /** How many of the batches not yet queued backward end before they could reach `start`. */
  private outOfReach({ batches, queued }: Stream, input: number, start: number): number {
    const reach = this.reachOfInputs()[input]?.most ?? 0
    let count = queued
    while (count > 0 && (batches[count - 1] as QueuedBatch).late.window.end + reach >= start) count--
    return count
  }
}
