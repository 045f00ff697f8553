import { isObservable, type Observable, Subscription } from 'rxjs'
import { joinTrains } from '../../dynamics/join-trains.js'
import { RunError } from '../../events/errors.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { checkLiveSpikes, type LiveSpikes } from './check-live-spikes.js'

/**
 * What feeds a source group while the run goes on. An async iterable is asked for more only when the run needs it; an
 * Observable cannot be held back, so what it sends ahead is kept, up to a limit.
 */
export type LiveInput = Observable<LiveSpikes> | AsyncIterable<LiveSpikes>

/** The spikes that a live source has sent and the run has not reached yet. */
export interface LiveSource {
  /** No spike before it will follow. */
  readonly watermark: number
  /** Spikes waiting. */
  readonly waiting: number
  /** Resolves once the watermark lies beyond a time; rejects when the source breaks its promise or fails. */
  beyond(time: number): Promise<void>
  /** Takes the spikes before a time, in event order. */
  takeBefore(time: number): SpikeTrains
  stop(): void
}

export interface LiveSourceOptions {
  readonly group: string
  readonly size: number
  /** Its first watermark. */
  readonly start: number
}

/** More spikes waiting than this end the run: nobody can hold an Observable back. */
export const MOST_WAITING = 4_000_000

export function isLive(input: SpikeTrains | LiveInput): input is LiveInput {
  return isObservable(input) || (typeof input === 'object' && input !== null && Symbol.asyncIterator in input)
}

export function createLiveSource(input: LiveInput, { group, size, start }: LiveSourceOptions): LiveSource {
  let watermark = start
  /** As they came, and how many spikes they hold. */
  let chunks: SpikeTrains[] = []
  let waiting = 0
  let isStopped = false
  let failure: RunError | null = null
  let wake: () => void = () => undefined
  const iterator = isObservable(input) ? null : input[Symbol.asyncIterator]()
  const subscription = new Subscription(() => void iterator?.return?.()?.catch(() => undefined))
  // May send at once.
  if (isObservable(input)) subscription.add(input.subscribe({ next: take, error: fail, complete: end }))

  function take(chunk: LiveSpikes): void {
    if (failure !== null || isStopped) return
    try {
      const trains = checkLiveSpikes(chunk, { group, size, watermark })
      watermark = chunk.watermark
      waiting += trains.times.length
      chunks.push(trains)
      if (waiting > MOST_WAITING) throw tooFast(group, watermark)
    } catch (error) {
      fail(error)
    }
    wake()
  }

  function fail(error: unknown): void {
    failure ??= error instanceof RunError ? error : failed(group, watermark, error)
    subscription.unsubscribe()
    wake()
  }

  function end(): void {
    if (failure === null) watermark = Infinity
    wake()
  }

  /** An Observable sends whenever it likes. */
  async function pull(): Promise<void> {
    if (iterator === null) return
    try {
      const next = await iterator.next()
      if (next.done === true) end()
      else take(next.value)
    } catch (error) {
      fail(error)
    }
  }

  /** Until something comes, or it is stopped. */
  function more(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve
      void pull()
    })
  }

  return {
    get watermark() {
      return watermark
    },
    get waiting() {
      return waiting
    },
    async beyond(time) {
      while (failure === null && !isStopped && !(watermark > time)) await more()
      if (failure !== null) throw failure
    },
    takeBefore(time) {
      const { times, units } = joinTrains(chunks.length === 0 ? [noSpikes(1)] : chunks).trains
      let taken = 0
      while (taken < times.length && (times[taken] as number) < time) taken++
      waiting = times.length - taken
      chunks = waiting === 0 ? [] : [partOf(times.subarray(taken), units.subarray(taken))]
      return partOf(times.slice(0, taken), units.slice(0, taken))
    },
    stop() {
      isStopped = true
      subscription.unsubscribe()
      wake()
    },
  }
}

function partOf(times: Float64Array, units: Uint32Array): SpikeTrains {
  return { offsets: Uint32Array.of(0, times.length), times, units }
}

function tooFast(source: string, watermark: number): RunError {
  return new RunError({
    code: 'LIVE_SOURCE_BROKEN',
    message: `The live source "${source}" is more than ${MOST_WAITING} spikes ahead of the run (watermark ${watermark} ms).`,
    details: { source, watermark },
    remedy: 'Give it as an async iterable, which is asked for more only when the run needs it.',
  })
}

function failed(source: string, watermark: number, cause: unknown): RunError {
  return new RunError({
    code: 'LIVE_SOURCE_FAILED',
    message: `The live source "${source}" ended with an error (watermark ${watermark} ms): ${cause instanceof Error ? cause.message : String(cause)}`,
    details: { source, watermark },
    cause,
  })
}
