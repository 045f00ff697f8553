import type { SpikeBatch } from '../../events/spike-batch.js'
import type { PerturbedBatch } from '../noise/perturbed-batch.js'
import type { SpikeNoise } from '../noise/spike-noise.js'
import type { DelayRange, Reach, Synapses } from '../parameters/synapses.js'
import type { Arrivals } from './arrivals.js'
import { arrivalRanges, delayRanges, type KernelInput, lateBatch } from './kernel-input.js'
import { type InFlight, RecentSpikes } from './recent-spikes.js'

/** A received batch and the gradients that grow while its arrivals are undone. */
export interface ReceivedBatch {
  /** As it was sent; this is what gradients return for. */
  readonly batch: PerturbedBatch
  /** As it is known here. */
  readonly late: PerturbedBatch
  /** Ordinal of its first spike among all spikes received through the projection. */
  readonly first: number
  /** Node after node, one per spike. */
  readonly values: Float64Array
}

export interface SpikeBufferOptions {
  readonly until: number
  /** Every trial is queued as a whole, and ordinals count within the trial. */
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
  batches: ReceivedBatch[]
  /** Forward: batches already queued. Backward: batches not yet queued. */
  queued: number
  outstanding: number
}

/**
 * The spike batches a kernel has received, per input, and how far their arrivals are queued.
 *
 * Ordinals are unique within a projection. Those of different inputs interleave as messages happen to arrive, which
 * cannot show: arrivals at one instant are ordered by source unit first, and a unit belongs to one input.
 */
export class SpikeBuffer {
  private readonly synapses: Synapses
  /** Values that return per spike. */
  private readonly valuesPerSpike: number
  private readonly streams: readonly Stream[]
  /** In segments of a run. */
  private readonly recent: RecentSpikes
  private reach: Reach
  private readonly inputs: readonly KernelInput[]
  private ranges: readonly DelayRange[] = []
  /** With what noise does in the run under way. */
  private reaches: readonly DelayRange[] = []
  private options: SpikeBufferOptions = { until: 0, whole: true, gradients: false }
  /** Backward: every arrival at this instant or later is undone. */
  private undone = 0
  /** Spikes received, per projection. */
  private ordinals: number[] = []

  constructor(synapses: Synapses, inputs: readonly KernelInput[], valuesPerSpike: number) {
    this.synapses = synapses
    this.valuesPerSpike = valuesPerSpike
    this.inputs = inputs
    this.streams = inputs.map((input) => ({ input, batches: [], queued: 0, outstanding: 0 }))
    this.reach = { most: () => 0, ofUnit: () => -Infinity }
    this.recent = new RecentSpikes(inputs, {
      most: (p) => this.reach.most(p),
      ofUnit: (p, unit) => this.reach.ofUnit(p, unit),
    })
  }

  /** Notes how soon and how late the spikes of each input may arrive. */
  followDelays(delays: Float64Array): void {
    this.reach = this.synapses.reachOf(delays)
    this.ranges = delayRanges(this.inputs, this.synapses, delays)
    this.reaches = this.ranges
  }

  /** How soon after a spike it may arrive. */
  smallestDelay(input: number): number {
    return this.reaches[input]?.least ?? Infinity
  }

  begin(options: SpikeBufferOptions): void {
    const { spikeNoise } = options
    this.options = options
    this.reaches = arrivalRanges(this.inputs, this.ranges, spikeNoise)
    this.ordinals = this.synapses.afferents.map(() => 0)
    this.recent.clear()
    for (const stream of this.streams) Object.assign(stream, { batches: [], queued: 0, outstanding: 0 })
  }

  receive(input: number, batch: SpikeBatch): void {
    const stream = this.streams[input] as Stream
    const { projection } = stream.input
    const count = batch.times.length
    const first = this.ordinals[projection] as number
    const values = new Float64Array(this.options.gradients ? count * this.valuesPerSpike : 0)
    stream.batches.push({ batch, late: lateBatch(stream.input, batch), first, values })
    if (this.options.segmented === true) this.recent.receive(input, batch)
    this.ordinals[projection] = first + count
  }

  /** Number of spikes received through projection p. */
  spikes(p: number): number {
    return this.ordinals[p] as number
  }

  /** Queues one trial's arrivals of the batches that came since `markQueued`. */
  fillForward(queue: Arrivals, trial: number, delays: Float64Array): void {
    this.fill(queue, trial, delays, ({ queued, batches }) => [queued, batches.length])
  }

  /** @param reached nothing arrives before it any more */
  markQueued(reached = 0): void {
    for (const stream of this.streams) {
      if (!this.options.gradients) stream.batches = []
      stream.queued = stream.batches.length
    }
    if (this.options.segmented === true) this.recent.forget(reached)
  }

  /** By key of their projection the spikes received, of which some synapse may let arrive one at `time` or later. */
  inFlight(time: number, trials: number): InFlight {
    return this.recent.inFlight(time, trials)
  }

  /** Takes the spikes that are in flight at `time`. */
  receiveInFlight(inFlight: InFlight, time: number, trials: number): void {
    for (const { input, batch } of this.recent.split(inFlight, time, trials)) this.receive(input, batch)
  }

  /** @param reached how far the forward pass went */
  beginBackward(reached: number): void {
    this.undone = reached
    for (const stream of this.streams) stream.queued = stream.outstanding = stream.batches.length
  }

  /** Queues one trial's arrivals of the batches that can reach `start` or later. */
  fillBackward(queue: Arrivals, trial: number, start: number, delays: Float64Array): void {
    this.fill(queue, trial, delays, (stream, input) => [this.outOfReach(stream, input, start), stream.queued])
  }

  /** @param start of the step that is undone: 0 of the first one */
  markUndone(start: number): void {
    this.undone = start
    this.streams.forEach((stream, input) => {
      stream.queued = this.outOfReach(stream, input, start)
    })
  }

  /** Visits the batches of projection p, the last input's last one first. */
  eachBackward(p: number, visit: (entry: ReceivedBatch) => void): void {
    for (let input = this.streams.length - 1; input >= 0; input--) {
      const {
        batches,
        input: { projection },
      } = this.streams[input] as Stream
      if (projection !== p) continue
      for (let b = batches.length - 1; b >= 0; b--) visit(batches[b] as ReceivedBatch)
    }
  }

  /** Takes the last outstanding batch of an input if all of its arrivals are undone, or come after the end. */
  takeReturnable(input: number): ReceivedBatch | null {
    const stream = this.streams[input] as Stream
    const entry = stream.batches[stream.outstanding - 1]
    if (entry === undefined) return null
    if (this.undone > 0 && entry.late.window.start + this.smallestDelay(input) < this.undone) return null
    stream.outstanding--
    return entry
  }

  /** The same of all inputs, as often as there is one. */
  takeAllReturnable(): readonly { readonly input: number; readonly entry: ReceivedBatch }[] {
    const taken: { readonly input: number; readonly entry: ReceivedBatch }[] = []
    for (let input = 0; input < this.streams.length; input++)
      for (let entry = this.takeReturnable(input); entry !== null; entry = this.takeReturnable(input))
        taken.push({ input, entry })
    return taken
  }

  private fill(
    queue: Arrivals,
    trial: number,
    delays: Float64Array,
    range: (stream: Stream, input: number) => readonly [from: number, to: number],
  ): void {
    const { until, whole } = this.options
    const before = queue.to - queue.from
    // Of each projection: its spikes in the trial so far.
    const withinTrial = this.ordinals.map(() => 0)
    this.streams.forEach((stream, input) => {
      const { projection } = stream.input
      const [from, to] = range(stream, input)
      for (let b = from; b < to; b++) {
        const { late, first } = stream.batches[b] as ReceivedBatch
        const begin = late.offsets[trial] as number
        const earlier = withinTrial[projection] as number
        queue.add(projection, late, trial, whole ? earlier : first + begin, until, delays)
        withinTrial[projection] = earlier + (late.offsets[trial + 1] as number) - begin
      }
    })
    if (queue.to - queue.from !== before) queue.sort()
  }

  /** How many of the batches not yet queued backward end before they could reach `start`. */
  private outOfReach({ batches, queued }: Stream, input: number, start: number): number {
    const reach = this.reaches[input]?.most ?? 0
    let count = queued
    while (count > 0 && (batches[count - 1] as ReceivedBatch).late.window.end + reach >= start) count--
    return count
  }
}
