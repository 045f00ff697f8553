import type { SpikeBatch } from '../events/spike-batch.js'
import type { Arrivals } from './arrivals.js'
import type { Synapses } from './synapses.js'

/** A received batch and the answer that grows while its arrivals are undone. */
export interface ReceivedBatch {
  readonly batch: SpikeBatch
  /** Ordinal of its first spike among all spikes received through the projection. */
  readonly first: number
  readonly values: Float64Array
}

export interface InboxOptions {
  readonly until: number
  /** Every trial is queued as a whole, and ordinals count within the trial. */
  readonly whole: boolean
  /** Batches are kept to be answered. */
  readonly gradients: boolean
}

/** The spike batches a group has received, per projection, and how far their arrivals are queued. */
export class Inbox {
  private readonly synapses: Synapses
  private options: InboxOptions = { until: 0, whole: true, gradients: false }
  private lists: ReceivedBatch[][] = []
  private ordinals: number[] = []
  /** Forward: batches already queued. Backward: batches not yet queued. */
  private queued: number[] = []
  private unanswered: number[] = []

  constructor(synapses: Synapses) {
    this.synapses = synapses
  }

  begin(options: InboxOptions): void {
    this.options = options
    this.lists = this.synapses.afferents.map(() => [])
    this.ordinals = this.lists.map(() => 0)
    this.queued = this.lists.map(() => 0)
    this.unanswered = []
  }

  receive(p: number, batch: SpikeBatch): void {
    const count = batch.times.length
    const first = this.ordinals[p] as number
    this.lists[p]?.push({ batch, first, values: new Float64Array(this.options.gradients ? count : 0) })
    this.ordinals[p] = first + count
  }

  /** Number of spikes received through projection p. */
  spikes(p: number): number {
    return this.ordinals[p] as number
  }

  /** Queues one trial's arrivals of the batches that came since `markQueued`. */
  fillForward(queue: Arrivals, trial: number, delays: Float64Array): void {
    this.fill(queue, trial, delays, (p) => [this.queued[p] as number, this.lists[p]?.length ?? 0])
  }

  markQueued(): void {
    if (!this.options.gradients) this.lists = this.lists.map(() => [])
    this.queued = this.lists.map((list) => list.length)
  }

  beginBackward(): void {
    this.queued = this.lists.map((list) => list.length)
    this.unanswered = this.lists.map((list) => list.length)
  }

  /** Queues one trial's arrivals of the batches that can reach `start` or later. */
  fillBackward(queue: Arrivals, trial: number, start: number, delays: Float64Array): void {
    this.fill(queue, trial, delays, (p) => [this.outOfReach(p, start), this.queued[p] as number])
  }

  markUndone(start: number): void {
    this.queued = this.lists.map((_, p) => this.outOfReach(p, start))
  }

  /** Visits one trial's batches of projection p, the last first. */
  eachBackward(p: number, visit: (entry: ReceivedBatch) => void): void {
    const list = this.lists[p] ?? []
    for (let b = list.length - 1; b >= 0; b--) visit(list[b] as ReceivedBatch)
  }

  /** Takes the last unanswered batch of projection p if all of its arrivals come at `reached` or later. */
  takeAnswerable(p: number, reached: number): ReceivedBatch | null {
    const last = (this.unanswered[p] as number) - 1
    const entry = this.lists[p]?.[last]
    if (entry === undefined) return null
    if (reached > 0 && entry.batch.window.start + this.synapses.smallestDelay(p) < reached) return null
    this.unanswered[p] = last
    return entry
  }

  private fill(
    queue: Arrivals,
    trial: number,
    delays: Float64Array,
    range: (p: number) => readonly [from: number, to: number],
  ): void {
    const before = queue.to - queue.from
    for (let p = 0; p < this.lists.length; p++) {
      const list = this.lists[p] as ReceivedBatch[]
      const [from, to] = range(p)
      let withinTrial = 0
      for (let b = from; b < to; b++) {
        const { batch, first } = list[b] as ReceivedBatch
        const begin = batch.offsets[trial] as number
        queue.add(p, batch, trial, this.options.whole ? withinTrial : first + begin, this.options.until, delays)
        withinTrial += (batch.offsets[trial + 1] as number) - begin
      }
    }
    if (queue.to - queue.from !== before) queue.sort()
  }

  /** How many of the batches not yet queued backward end before they could reach `start`. */
  private outOfReach(p: number, start: number): number {
    const reach = this.synapses.largestDelay(p)
    const list = this.lists[p] as ReceivedBatch[]
    let count = this.queued[p] as number
    while (count > 0 && (list[count - 1] as ReceivedBatch).batch.window.end + reach >= start) count--
    return count
  }
}
