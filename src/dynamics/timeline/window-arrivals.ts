import { delayOfSynapse } from '../../network/graph/delay-of-synapse.js'
import type { PerturbedBatch } from '../noise/perturb-batch.js'
import { shiftedDelay } from '../noise/spike-noise.js'
import type { Afferent, Synapses } from '../parameters/synapses.js'
import type { KernelInput } from './kernel-input.js'

/** What arrives at all neurons of a group in a window, trial after trial; within a trial in no order. */
export interface WindowArrivalLists {
  readonly offsets: Uint32Array
  readonly times: Float64Array
  /** Units among those of all projections; where arrivals are shared also rows of weights. */
  readonly units: Uint32Array
  /** Numbers of the spikes among all that were received. */
  readonly slots: Uint32Array
}

/** The arrivals of a batch, per trial by time, and how far each trial has come. */
interface Pending {
  readonly times: Float64Array
  readonly units: Uint32Array
  readonly slots: Uint32Array
  readonly next: Uint32Array
  /** How far it comes in the window that is taken. */
  readonly ends: Uint32Array
  readonly offsets: Uint32Array
  /** Arrivals that are not taken. */
  left: number
}

export interface WindowArrivalsOptions {
  readonly inputs: readonly KernelInput[]
  readonly synapses: Synapses
  /** The first source unit of each projection among those of all. */
  readonly firstUnit: readonly number[]
  /** Learnable delays, as the layout orders them. */
  readonly delays: Float64Array
  readonly trials: number
  /** What arrives before has happened; what arrives at the end or later never does. In ms. */
  readonly since: number
  readonly until: number
}

/** The spikes that a group has received in a run of windows, as long as they have not arrived. */
export class WindowArrivals {
  private readonly options: WindowArrivalsOptions
  private pending: Pending[] = []

  constructor(options: WindowArrivalsOptions) {
    this.options = options
  }

  /** @param first number of its first spike among all that were received */
  receive(input: number, late: PerturbedBatch, first: number): void {
    const pending = this.arrivalsOf(this.options.inputs[input] as KernelInput, late, first)
    if (pending.left > 0) this.pending.push(pending)
  }

  private arrivalsOf({ projection }: KernelInput, late: PerturbedBatch, first: number): Pending {
    const { synapses, firstUnit, delays, trials, since, until } = this.options
    const { delayShape, delayBase } = synapses.afferents[projection] as Afferent
    const base = firstUnit[projection] as number
    const times = synapses.heardTimes(projection, late)
    const count = times.length
    const pending = {
      times: new Float64Array(count),
      units: new Uint32Array(count),
      slots: new Uint32Array(count),
      next: new Uint32Array(trials),
      ends: new Uint32Array(trials),
      offsets: new Uint32Array(trials + 1),
      left: 0,
    }
    let place = 0
    for (let trial = 0; trial < trials; trial++) {
      const begin = place
      let isSorted = true
      for (let k = late.offsets[trial] as number; k < (late.offsets[trial + 1] as number); k++) {
        const unit = late.units[k] as number
        const delay = delayOfSynapse(delays, delayShape, delayBase, unit, 0)
        const shift = late.shifts?.[k]
        const time =
          (times[k] as number) + (shift === undefined ? delay : shiftedDelay(delay, shift, late.latencies?.[k]))
        if (!(time < until) || time < since) continue
        isSorted &&= place === begin || time >= (pending.times[place - 1] as number)
        pending.times[place] = time
        pending.units[place] = base + unit
        pending.slots[place] = first + k
        place++
      }
      if (!isSorted) sortByTime(pending, begin, place)
      pending.next[trial] = begin
      pending.offsets[trial + 1] = place
    }
    pending.left = place
    return pending
  }

  /** Takes what arrives before a horizon. */
  take(horizon: number): WindowArrivalLists {
    const { trials } = this.options
    const { pending } = this
    const offsets = new Uint32Array(trials + 1)
    let count = 0
    for (const batch of pending) count += passed(batch, horizon)
    const taken = {
      offsets,
      times: new Float64Array(count),
      units: new Uint32Array(count),
      slots: new Uint32Array(count),
    }
    let place = 0
    for (let trial = 0; trial < trials; trial++) {
      for (const { times, units, slots, next, ends } of pending) {
        for (let k = next[trial] as number; k < (ends[trial] as number); k++, place++) {
          taken.times[place] = times[k] as number
          taken.units[place] = units[k] as number
          taken.slots[place] = slots[k] as number
        }
        next[trial] = ends[trial] as number
      }
      offsets[trial + 1] = place
    }
    if (pending.some(({ left }) => left === 0)) this.pending = pending.filter(({ left }) => left > 0)
    return taken
  }

  /** What was taken is forgotten. */
  forget(): void {}

  /** When something arrives next; Infinity: nothing that is known of does. */
  next(): number {
    let next = Number.POSITIVE_INFINITY
    for (const { times, next: from, offsets } of this.pending)
      from.forEach((at, trial) => {
        if (at < (offsets[trial + 1] as number)) next = Math.min(next, times[at] as number)
      })
    return next
  }
}

/** Notes how far each trial of a batch comes before a horizon; returns how many arrivals that are. */
function passed(batch: Pending, horizon: number): number {
  const { times, next, ends, offsets } = batch
  const before = batch.left
  for (let trial = 0; trial < next.length; trial++) {
    const stop = offsets[trial + 1] as number
    let end = next[trial] as number
    while (end < stop && (times[end] as number) < horizon) end++
    batch.left -= end - (next[trial] as number)
    ends[trial] = end
  }
  return before - batch.left
}

/** Brings arrivals begin … end - 1 into the order of their times. */
function sortByTime(
  { times, units, slots }: Pick<Pending, 'times' | 'units' | 'slots'>,
  begin: number,
  end: number,
): void {
  const order = Uint32Array.from({ length: end - begin }, (_, k) => begin + k).sort((a, b) => {
    return (times[a] as number) - (times[b] as number)
  })
  const sorted = {
    times: Float64Array.from(order, (k) => times[k] as number),
    units: order.map((k) => units[k] as number),
    slots: order.map((k) => slots[k] as number),
  }
  times.set(sorted.times, begin)
  units.set(sorted.units, begin)
  slots.set(sorted.slots, begin)
}
