import type { GradientBatch } from '../../events/gradient-batch.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import { microBatches, type TrialRange } from '../../events/trial-range.js'
import { hasUnit, type UnitSet } from '../../events/unit-set.js'
import type { Window } from '../../events/window.js'
import type { Slice } from '../../network/slices/blocks.js'
import type { StreamMessage } from '../message.js'

/** What one stream brings to this end of it. */
export type Arrival =
  /** Spikes of these units; where a set of them is heard alone, of no others. */
  | { readonly kind: 'spikes'; readonly units: Slice; readonly heard?: UnitSet }
  /** Gradients of spikes that were sent from here, with `sums` sums for each. */
  | { readonly kind: 'gradients'; readonly sums: number }
  /** Vectors of these lengths, one after the other in a run; null: its reader knows the length. */
  | { readonly kind: 'vector'; readonly lengths: readonly (number | null)[] }

type ArrivingSpikes = Extract<Arrival, { readonly kind: 'spikes' }>

/** What a run lets arrive. */
export interface ArrivingRun {
  readonly trials: number
  /** What it passes through of the trials' time. */
  readonly span: Window
  /** Spikes and gradients come by micro-batches of `microBatch` trials, in ascending order. */
  readonly microBatch?: number | undefined
  /** Whether gradients return. */
  readonly gradients: boolean
  /** What a stream brings here; undefined where it leads elsewhere, or brings nothing in this run. */
  arrivalOf(stream: number): Arrival | undefined
}

/** Something that has not come yet. */
export interface AwaitedArrival {
  readonly stream: number
  readonly what: 'spikes' | 'gradients' | 'a vector'
  /** Of the spikes of that stream, in ms; at the end of the run where it brings none. */
  readonly watermark: number
}

/** Checks whether what a peer sends can be right, before anybody computes with it. */
export interface ArrivalCheck {
  /** A run begins: nothing has been sent or has come. */
  begin(run: ArrivingRun): void
  /** This end has sent a batch, whose gradients will return. */
  sent(stream: number, batch: SpikeBatch): void
  /** Why a message of the present run cannot be right, as a clause; null if it can. It counts as arrived. */
  fault(message: StreamMessage): string | null
  /** What the present run may still bring on these streams. */
  awaited(streams: Iterable<number>): readonly AwaitedArrival[]
}

const NO_RUN: ArrivingRun = {
  trials: 0,
  span: { start: 0, end: 0 },
  gradients: false,
  arrivalOf: () => undefined,
}

export function createArrivalCheck(): ArrivalCheck {
  let run = NO_RUN
  let spikes = createSpikeProgress(run)
  let gradients = createOutstandingGradients(run)
  /** How many have come, by stream. */
  let vectors = new Map<number, number>()

  function faultOfVector(
    stream: number,
    { length }: Float64Array,
    expected: readonly (number | null)[],
  ): string | null {
    const before = vectors.get(stream) ?? 0
    vectors.set(stream, before + 1)
    const next = expected[before]
    if (next === undefined) return `${before + 1} vectors in one run in place of ${expected.length}`
    return next === null || length === next ? null : `a vector of ${length} numbers in place of ${next}`
  }

  function fault(message: StreamMessage): string | null {
    const { stream, kind } = message
    const arrival = run.arrivalOf(stream)
    if (kind === 'spikes' && arrival?.kind === kind) return spikes.fault(stream, message.batch, arrival)
    if (kind === 'gradients' && arrival?.kind === kind) return gradients.fault(stream, message.batch, arrival.sums)
    if (kind === 'vector' && arrival?.kind === kind) return faultOfVector(stream, message.values, arrival.lengths)
    return `${kind} where ${arrival?.kind ?? 'nothing'} may come`
  }

  function awaitedOn(stream: number): AwaitedArrival['what'] | null {
    const arrival = run.arrivalOf(stream)
    switch (arrival?.kind) {
      case 'spikes':
        return spikes.watermark(stream) < run.span.end ? 'spikes' : null
      case 'gradients':
        return gradients.areAwaited(stream) ? 'gradients' : null
      case 'vector':
        return (vectors.get(stream) ?? 0) < arrival.lengths.length ? 'a vector' : null
      case undefined:
        return null
    }
  }

  return {
    awaited: (streams) =>
      [...streams].flatMap((stream) => {
        const what = awaitedOn(stream)
        const watermark = what === 'spikes' ? spikes.watermark(stream) : run.span.end
        return what === null ? [] : [{ stream, what, watermark }]
      }),
    begin(next) {
      run = next
      spikes = createSpikeProgress(next)
      gradients = createOutstandingGradients(next)
      vectors = new Map()
    },
    sent(stream, batch) {
      if (run.gradients && run.arrivalOf(stream)?.kind === 'gradients') gradients.sent(stream, batch)
    },
    fault(message) {
      const found = fault(message)
      return found === null ? null : `${found}, on stream ${message.stream}`
    },
  }
}

/** How far the spikes of a stream have come. */
interface Progress {
  readonly sequence: number
  readonly watermark: number
}

/** The spikes that have come in a run, stream by stream. */
function createSpikeProgress(run: ArrivingRun) {
  const { span } = run
  const known = new Map<number, Progress>()
  const parts = microBatches(run.trials, run.microBatch)

  /** A micro-batch is there as a whole, and nothing else is. */
  function partFault({ sequence, window, offsets }: SpikeBatch): string | null {
    if (run.microBatch === undefined) return null
    if (window.end < span.end) return `a window up to ${window.end} ms in place of ${span.end} ms`
    const { start, end } = parts[sequence] as TrialRange
    const [before, inside] = [offsets[start] as number, offsets[end] as number]
    const outside = before + (offsets[run.trials] as number) - inside
    return outside === 0 ? null : `${outside} spikes of other trials than ${start} to ${end - 1}`
  }

  return {
    watermark: (stream: number) => known.get(stream)?.watermark ?? span.start,
    fault(stream: number, batch: SpikeBatch, arrival: ArrivingSpikes): string | null {
      const progress = known.get(stream) ?? { sequence: 0, watermark: span.start }
      const fault = orderFault(batch, progress, span.end) ?? contentFault(batch, run, arrival)
      const next = batch.sequence + 1
      // Nothing of the next micro-batch has come.
      const watermark = next < parts.length ? span.start : batch.window.end
      known.set(stream, { sequence: next, watermark })
      return fault ?? partFault(batch)
    },
  }
}

/** The batches sent in a run whose gradients have not returned yet, stream by stream. */
function createOutstandingGradients({ microBatch }: Pick<ArrivingRun, 'microBatch'>) {
  /** Spikes of every batch sent, and for how many of them gradients have returned. */
  const known = new Map<number, { readonly counts: number[]; readonly returned: number }>()
  const of = (stream: number) => known.get(stream) ?? { counts: [], returned: 0 }
  return {
    sent(stream: number, { times }: SpikeBatch): void {
      const { counts, returned } = of(stream)
      counts.push(times.length)
      known.set(stream, { counts, returned })
    },
    areAwaited(stream: number): boolean {
      const { counts, returned } = of(stream)
      return returned < counts.length
    },
    fault(stream: number, { sequence, values }: GradientBatch, sums: number): string | null {
      const { counts, returned } = of(stream)
      const expected = microBatch === undefined ? counts.length - 1 - returned : returned
      const count = counts[expected]
      if (count === undefined) return `gradients of batch ${sequence}, which are not awaited`
      if (sequence !== expected) return `gradients of batch ${sequence} in place of ${expected}`
      known.set(stream, { counts, returned: returned + 1 })
      return values.length === sums * count
        ? null
        : `${values.length} sums for ${count} spikes, expected ${sums} for each`
    },
  }
}

function orderFault({ sequence, window }: SpikeBatch, expected: Progress, end: number): string | null {
  if (expected.watermark >= end) return `batch ${sequence} after the end of the trials`
  if (sequence !== expected.sequence) return `batch ${sequence} in place of ${expected.sequence}`
  if (window.start === expected.watermark) return null
  return `a window from ${window.start} ms in place of ${expected.watermark} ms`
}

/** A source may hold spikes behind its window, which is the whole trial: they never happen. */
function contentFault(
  { offsets, times, units, window }: SpikeBatch,
  { trials }: Pick<ArrivingRun, 'trials'>,
  { units: slice, heard }: ArrivingSpikes,
): string | null {
  if (offsets.length !== trials + 1) return `spikes of ${offsets.length - 1} trials in place of ${trials}`
  for (let trial = 0; trial < trials; trial++) {
    const end = offsets[trial + 1] as number
    let before = window.start
    for (let k = offsets[trial] as number; k < end; k++) {
      const time = times[k] as number
      const unit = units[k] as number
      if (!(time >= before && time < Infinity)) return `a spike at ${time} ms after ${before} ms`
      if (unit < slice.start || unit >= slice.end) return `a spike of unit ${unit}, which is not there`
      if (heard !== undefined && !hasUnit(heard, unit - slice.start))
        return `a spike of unit ${unit}, which has no receiver here`
      before = time
    }
  }
  return null
}
