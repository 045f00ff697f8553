import { InternalError } from '../../events/errors.js'
import { placesInOrder } from '../../events/natural-merge-sort.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { Slice } from '../../network/slices/blocks.js'
import { firstWhere } from '../../numerics/first-where.js'
import type { CheckedOperator } from './checked-operator.js'
import { type OperatorBatch, spikeRandom } from './operator.js'

/** A batch behind the operators; noise knows spikes by their numbers. */
export interface RoutedBatch extends SpikeBatch {
  /** Number of each spike among those that its unit sent in the trial. */
  readonly numbers: Uint32Array
}

/** Which trials of which realisation a run is about. */
export interface TrialOrigin {
  readonly draw: number
  readonly firstTrial: number
}

const NONE = roomForSpikes(0)

/** A batch as it was sent, and what has been returned for it. */
interface Sent {
  readonly batch: SpikeBatch
  values: Float64Array | null
}

/** Gradients of a batch: per node, one number per spike. */
interface Returned {
  readonly batch: SpikeBatch
  readonly values: Float64Array
}

/** What has been passed on with one batch, spike by spike. */
interface PassedOn extends Pick<RoutedSpikes, 'batches' | 'places' | 'slopes'> {
  /** Number of the batch that it was passed on for. */
  readonly number: number
}

/**
 * The operators of one input in one run. Spikes come in windows [from, to) and leave in windows
 *
 *     [from + least, to + least)        least: the sum over the operators
 *
 * as nothing that comes later can leave before to + least: what leaves later waits. So the receiver sees a stream like
 * any other, in the order of (time, unit, number), however it is cut; one batch leaves for each that comes.
 */
export class RoutedInput {
  private readonly operators: readonly CheckedOperator[]
  private readonly units: Slice
  private readonly origin: TrialOrigin
  private readonly trials: number
  private readonly keeps: boolean
  /** [trial][unit of the slice]: how many spikes have come. */
  private readonly counts: Float64Array
  /** Per trial, in order: those that leave later. */
  private waiting: RoutedSpikes[]
  private readonly sent: Sent[] = []
  private readonly passedOn = new Map<SpikeBatch, PassedOn>()

  /** @param keeps gradients will return */
  constructor(
    operators: readonly CheckedOperator[],
    units: Slice,
    trials: number,
    origin: TrialOrigin,
    keeps: boolean,
  ) {
    this.operators = operators
    this.units = units
    this.trials = trials
    this.origin = origin
    this.keeps = keeps
    this.counts = new Float64Array(trials * (units.end - units.start))
    this.waiting = Array.from({ length: trials }, () => NONE)
  }

  /** Of a window that ends at a time: nothing that comes later leaves before. */
  leaving(time: number): number {
    return this.operators.reduce((sum, { least }) => sum + least, time)
  }

  /** What leaves until the window of a batch is over. */
  route(batch: SpikeBatch): RoutedBatch {
    const { start, end } = batch.window
    const number = this.sent.length
    if (this.keeps) this.sent.push({ batch, values: null })
    for (let trial = 0; trial < this.trials; trial++) {
      const kept = this.keptOf(batch, trial, number)
      if (kept.times.length > 0) this.wait(trial, kept)
    }
    return this.release(batch, number, { start: this.leaving(start), end: this.leaving(end) })
  }

  /** Lets spikes wait that have passed the operators already. */
  wait(trial: number, spikes: RoutedSpikes): void {
    const before = this.waiting[trial] as RoutedSpikes
    this.waiting[trial] = inEventOrder([before, spikes])
  }

  /** What leaves before the end of a window, in place of the batch of a number. */
  release(
    { stream, sequence }: Pick<SpikeBatch, 'stream' | 'sequence'>,
    number: number,
    window: SpikeBatch['window'],
  ): RoutedBatch {
    const leaving = this.waiting.map((spikes) => {
      const count = firstWhere(spikes.times.length, (k) => (spikes.times[k] as number) >= window.end)
      return { now: spikesBetween(spikes, 0, count), later: spikesBetween(spikes, count, spikes.times.length) }
    })
    this.waiting = leaving.map(({ later }) => later)
    const offsets = new Uint32Array(this.trials + 1)
    leaving.forEach(({ now }, trial) => {
      offsets[trial + 1] = (offsets[trial] as number) + now.times.length
    })
    const all = roomForSpikes(offsets[this.trials] as number)
    leaving.forEach(({ now }, trial) => {
      for (let k = 0; k < now.times.length; k++) putSpike(now, k, all, (offsets[trial] as number) + k)
    })
    const { times, units, numbers } = all
    const routed: RoutedBatch = { stream, sequence, window, offsets, times, units, numbers }
    if (this.keeps) this.passedOn.set(routed, { ...all, number })
    return routed
  }

  /** When the first of those that wait leaves, ms. */
  nextLeaving(): number {
    return this.waiting.reduce((next, { times }) => Math.min(next, times[0] ?? Infinity), Infinity)
  }

  private keptOf({ offsets, times, units }: SpikeBatch, trial: number, number: number): RoutedSpikes {
    const [from, to] = [offsets[trial] as number, offsets[trial + 1] as number]
    if (from === to) return NONE
    let spikes: RoutedSpikes = {
      ...{ times: times.slice(from, to), units: units.slice(from, to), numbers: new Uint32Array(to - from) },
      batches: new Int32Array(to - from).fill(number),
      places: Int32Array.from({ length: to - from }, (_, k) => from + k),
      slopes: new Float64Array(to - from).fill(1),
    }
    const first = trial * (this.units.end - this.units.start) - this.units.start
    spikes.units.forEach((unit, k) => {
      const count = this.counts[first + unit] as number
      spikes.numbers[k] = count
      this.counts[first + unit] = count + 1
    })
    for (const operator of this.operators) spikes = this.behind(operator, trial, spikes)
    return spikes
  }

  private behind(operator: CheckedOperator, trial: number, spikes: RoutedSpikes): RoutedSpikes {
    if (spikes.times.length === 0) return spikes
    const { draw, firstTrial } = this.origin
    // Copies, lest an operator writes into what others hear.
    const named = { trial: firstTrial + trial, units: spikes.units.slice(), numbers: spikes.numbers.slice() }
    const random = spikeRandom(operator.origin, draw, { trial: named.trial, ...spikes })
    const batch: OperatorBatch = { ...named, times: spikes.times.slice(), random }
    const { keep, extra, slope } = operator.apply(batch)
    const kept = roomForSpikes(spikes.times.length)
    let count = 0
    for (let k = 0; k < spikes.times.length; k++) {
      if (keep !== undefined && keep[k] === 0) continue
      putSpike(spikes, k, kept, count)
      if (extra !== undefined) kept.times[count] = (kept.times[count] as number) + (extra[k] as number)
      if (slope !== undefined) kept.slopes[count] = (kept.slopes[count] as number) * (1 + (slope[k] as number))
      count++
    }
    // The next operator sees them in the order of their times, as it sees all others.
    return this.operators.length > 1 ? inEventOrder([spikesBetween(kept, 0, count)]) : spikesBetween(kept, 0, count)
  }

  /**
   * The gradients of the batch for which another one was passed on: of spikes that were dropped 0, of those that were moved what
   * their arrivals got, times 1 + slope. The last batch comes first, and all that leaves later belongs to it or others
   * before it.
   *
   * @param values per node, one per spike that was passed on
   */
  restore({ batch: routed, values }: Returned, nodes: number): Returned {
    const from = this.passedOn.get(routed)
    if (from === undefined) throw new InternalError('Gradients through operators are of a batch that was never sent.')
    this.passedOn.delete(routed)
    const count = routed.times.length
    for (let k = 0; k < count; k++) {
      const sent = this.sent[from.batches[k] as number]
      if (sent === undefined) continue
      const spikes = sent.batch.times.length
      sent.values ??= new Float64Array(nodes * spikes)
      const place = from.places[k] as number
      for (let node = 0; node < nodes; node++)
        sent.values[node * spikes + place] = (values[node * count + k] as number) * (from.slopes[k] as number)
    }
    const last = this.sent.pop()
    if (last === undefined || this.sent.length !== from.number)
      throw new InternalError(`The gradients of batch ${from.number} through operators come out of their turn.`)
    const { batch, values: returned } = last
    return { batch, values: returned ?? new Float64Array(nodes * batch.times.length) }
  }

  /** The state from which another run of one trial resumes: spikes received per unit, and the spikes that wait. */
  get state(): { readonly counts: Float64Array; readonly waiting: RoutedSpikes } {
    return { counts: this.counts.slice(), waiting: this.waiting[0] ?? NONE }
  }

  resume(counts: Float64Array, waiting: RoutedSpikes): void {
    this.counts.set(counts)
    this.waiting[0] = waiting
  }
}

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
function putSpike(from: RoutedSpikes, k: number, into: RoutedSpikes, at: number): void {
  into.times[at] = from.times[k] as number
  into.units[at] = from.units[k] as number
  into.numbers[at] = from.numbers[k] as number
  into.batches[at] = from.batches[k] as number
  into.places[at] = from.places[k] as number
  into.slopes[at] = from.slopes[k] as number
}

/** All of them in the order of (time, unit, number). */
function inEventOrder(parts: readonly RoutedSpikes[]): RoutedSpikes {
  const all = joined(parts)
  const count = all.times.length
  const order = placesInOrder([0, count], all.times, (a, b) => {
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
function spikesBetween(spikes: RoutedSpikes, from: number, to: number): RoutedSpikes {
  return {
    times: spikes.times.slice(from, to),
    units: spikes.units.slice(from, to),
    numbers: spikes.numbers.slice(from, to),
    batches: spikes.batches.slice(from, to),
    places: spikes.places.slice(from, to),
    slopes: spikes.slopes.slice(from, to),
  }
}
