import { isObservable, type Observable } from 'rxjs'
import { RunError } from '../../events/errors.js'
import { joinTrains } from '../../events/join-trains.js'
import { messageOf } from '../../events/message-of.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { type LiveSpikes, requireLiveSpikes } from './require-live-spikes.js'

/**
 * What feeds a source group during a run. An async iterable is asked for more only when the run needs it; an Observable
 * cannot be held back, so what it sends ahead, also before the run begins, is kept: up to four million spikes per
 * group, beyond which the run ends with LIVE_SOURCE_BROKEN. The run listens to both from the call of `stream` on, once
 * however many groups they feed, and stops listening after the watermark Infinity.
 */
export type LiveInput = Observable<LiveSpikes> | AsyncIterable<LiveSpikes>

/** The spikes that a live source has sent and the run has not reached yet. */
export interface LiveSource {
  /** No spike before it will follow. */
  readonly watermark: number
  /** Spikes waiting. */
  readonly waiting: number
  /** Whether nothing more can come of it. */
  readonly isOver: boolean
  take(chunk: LiveSpikes): void
  /** It has ended with an error, which counts once the run has come as far as its watermark. */
  fail(error: unknown): void
  /** It has nothing more to send. */
  end(): void
  /** Resolves once the watermark lies beyond a time; rejects when the source has broken its promise or failed. */
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
  /** Called when the run waits for more. */
  readonly ask: () => void
}

/** More waiting spikes than this end the run: an Observable cannot be held back. */
export const MOST_WAITING = 4_000_000

export function isLive(input: SpikeTrains | LiveInput): input is LiveInput {
  return isObservable(input) || (typeof input === 'object' && input !== null && Symbol.asyncIterator in input)
}

export function createLiveSource({ group, size, start, ask }: LiveSourceOptions): LiveSource {
  let watermark = start
  /** As they came, and how many spikes they hold. */
  let chunks: SpikeTrains[] = []
  let waiting = 0
  let isStopped = false
  /** Ends the run at once. */
  let broken: RunError | null = null
  /** Ends the run where the watermark is. */
  let failure: RunError | null = null
  let wake: () => void = () => undefined

  const isOver = () => isStopped || broken !== null || failure !== null || watermark === Infinity

  function keep(chunk: LiveSpikes): void {
    const trains = requireLiveSpikes(chunk, { group, size, watermark })
    watermark = chunk.watermark
    waiting += trains.times.length
    if (waiting > MOST_WAITING) throw tooFast(group, watermark)
    if (trains.times.length > 0) chunks.push(trains)
  }

  /** Until something comes, or it is stopped. */
  function more(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve
      ask()
    })
  }

  return {
    get watermark() {
      return watermark
    },
    get waiting() {
      return waiting
    },
    get isOver() {
      return isOver()
    },
    take(chunk) {
      if (isOver()) return
      try {
        keep(chunk)
      } catch (error) {
        broken = error instanceof RunError ? error : failed(group, watermark, error)
        chunks = []
      }
      wake()
    },
    fail(error) {
      if (isOver()) return
      failure = failed(group, watermark, error)
      wake()
    },
    end() {
      if (isOver()) return
      watermark = Infinity
      wake()
    },
    async beyond(time) {
      while (!isOver() && !(watermark > time)) await more()
      if (broken !== null) throw broken
      if (failure !== null && !(watermark > time)) throw failure
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
    message: `The live source "${source}" ended with an error (watermark ${watermark} ms): ${messageOf(cause)}`,
    details: { source, watermark },
    cause,
  })
}
