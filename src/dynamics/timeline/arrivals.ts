import { sortByKey } from '../../events/natural-merge-sort.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { delayOfSynapse } from '../../network/graph/delay-of-synapse.js'
import type { PerturbedBatch } from '../noise/perturb-batch.js'
import { shiftedDelay } from '../noise/spike-noise.js'
import type { Afferent, Synapses } from '../parameters/synapses.js'
import { Pulse } from '../pulse.js'

/**
 * The arrivals at one group in one trial, in event order: by time, then (projection, source unit, spike number, synapse).
 *
 * Forward, batches are added and arrivals taken from the front, window by window; backward the same from the end.
 */
export class Arrivals {
  times = new Float64Array(64)
  synapses = new Int32Array(64)
  /** Ordinal of the causing spike within its projection's input. */
  spikes = new Int32Array(64)
  /** What is still queued: [from, to). */
  from = 0
  to = 0

  private pulse = new Pulse()
  private since = 0
  private delayCount = 0
  private order = new Int32Array(64)
  private spare = new Int32Array(64)
  private spareTimes = new Float64Array(64)
  private spareIndices = new Int32Array(64)
  private readonly wiring: Synapses

  constructor(wiring: Synapses) {
    this.wiring = wiring
  }

  /** Starts or resumes a run: arrivals before `since` have happened. */
  begin(pulse: Pulse, since = 0): void {
    this.pulse = pulse
    this.since = since
    this.clear()
  }

  clear(): void {
    this.from = 0
    this.to = 0
  }

  /**
   * Queues what one trial of a spike batch causes through projection p; arrivals at or after `until` never happen.
   * Call `sort` when every batch is in.
   *
   * @param first ordinal of the batch's entry `offsets[trial]`
   */
  add(
    p: number,
    trains: SpikeTrains & Pick<PerturbedBatch, 'shifts' | 'latencies'>,
    trial: number,
    first: number,
    until: number,
    delays: Float64Array,
  ): void {
    const { delayShape, delayBase, base } = this.wiring.afferents[p] as Afferent
    const { start, list } = this.wiring.fan(p)
    const begin = trains.offsets[trial] as number
    const end = trains.offsets[trial + 1] as number
    for (let k = begin; k < end; k++) {
      const unit = trains.units[k] as number
      const time = trains.times[k] as number
      const shift = trains.shifts?.[k]
      const latency = trains.latencies?.[k]
      const last = start[unit + 1] as number
      this.reserve(last - (start[unit] as number))
      this.pulse.count(last - (start[unit] as number))
      for (let at = start[unit] as number; at < last; at++) {
        const synapse = list[at] as number
        const delay = delayOfSynapse(delays, delayShape, delayBase, unit, synapse - base)
        const arrival = time + (shift === undefined ? delay : shiftedDelay(delay, shift, latency))
        if (!(arrival < until) || arrival < this.since) continue
        this.times[this.to] = arrival
        this.synapses[this.to] = synapse
        this.spikes[this.to] = first + k - begin
        this.to++
      }
    }
  }

  /** How many of the arrivals that were taken have come over a delay since this was asked last. */
  takeDelayCount(): number {
    const count = this.delayCount
    this.delayCount = 0
    return count
  }

  /** Brings the queue into event order. */
  sort(): void {
    const { from, to } = this
    const count = to - from
    if (this.isSorted()) return
    for (let k = 0; k < count; k++) this.order[k] = k
    const times = this.times.subarray(from, to)
    const precedes = (a: number, b: number) => this.precedes(from + a, from + b)
    sortByKey(this.order, this.spare, count, times, precedes, (entries) => this.pulse.count(entries))
    for (let k = 0; k < count; k++) this.spareTimes[k] = times[this.order[k] as number] as number
    times.set(this.spareTimes.subarray(0, count))
    this.permute(this.synapses, count)
    this.permute(this.spikes, count)
  }

  /** Removes the arrivals before `time` from the front; they stay readable at the returned range until the next `add`. */
  takeBefore(time: number): { readonly from: number; readonly to: number } {
    const from = this.from
    while (this.from < this.to && (this.times[this.from] as number) < time) this.from++
    const range = { from, to: this.from }
    this.countDelays(range)
    if (this.from === this.to) this.clear()
    return range
  }

  /** Removes the arrivals at or after `time` from the end. */
  takeFrom(time: number): { readonly from: number; readonly to: number } {
    const to = this.to
    while (this.to > this.from && (this.times[this.to - 1] as number) >= time) this.to--
    const range = { from: this.to, to }
    this.countDelays(range)
    return range
  }

  private countDelays({ from, to }: { readonly from: number; readonly to: number }): void {
    const { afferents, projection } = this.wiring
    for (let k = from; k < to; k++)
      if (afferents[projection[this.synapses[k] as number] as number]?.delayShape !== 'none') this.delayCount++
  }

  private isSorted(): boolean {
    for (let k = this.from + 1; k < this.to; k++) {
      const a = this.times[k - 1] as number
      const b = this.times[k] as number
      if (a > b || (a === b && this.precedes(k, k - 1))) return false
    }
    return true
  }

  /** Event order of two arrivals at the same time. */
  private precedes(a: number, b: number): boolean {
    const [s, t] = [this.synapses[a] as number, this.synapses[b] as number]
    const wiring = this.wiring
    const byProjection = (wiring.projection[s] as number) - (wiring.projection[t] as number)
    if (byProjection !== 0) return byProjection < 0
    const bySource = (wiring.sources[s] as number) - (wiring.sources[t] as number)
    if (bySource !== 0) return bySource < 0
    // Runs without an end count beyond 32 bits; those queued at the same time are never that far apart.
    const bySpike = ((this.spikes[a] as number) - (this.spikes[b] as number)) | 0
    return bySpike !== 0 ? bySpike < 0 : s < t
  }

  private permute(values: Int32Array, count: number): void {
    const part = values.subarray(this.from, this.to)
    for (let k = 0; k < count; k++) this.spareIndices[k] = part[this.order[k] as number] as number
    part.set(this.spareIndices.subarray(0, count))
  }

  /** Makes room for `extra` more at the end: first by dropping what was taken from the front, then by growing. */
  private reserve(extra: number): void {
    if (this.to + extra <= this.times.length) return
    for (const part of [this.times, this.synapses, this.spikes]) part.copyWithin(0, this.from, this.to)
    this.to -= this.from
    this.from = 0
    if (2 * (this.to + extra) <= this.times.length) return
    const size = 2 * (this.to + extra)
    const grown = <T extends Float64Array | Int32Array>(old: T, fresh: T): T => {
      fresh.set(old)
      return fresh
    }
    this.times = grown(this.times, new Float64Array(size))
    this.synapses = grown(this.synapses, new Int32Array(size))
    this.spikes = grown(this.spikes, new Int32Array(size))
    this.order = new Int32Array(size)
    this.spare = new Int32Array(size)
    this.spareTimes = new Float64Array(size)
    this.spareIndices = new Int32Array(size)
  }
}
