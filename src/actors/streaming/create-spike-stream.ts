import { Observable } from 'rxjs'
import { RunError } from '../../events/errors.js'
import { createOneAtATime } from '../../events/one-at-a-time.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { Window } from '../../events/window.js'
import { ARITHMETIC_VERSION } from '../../numerics/arithmetic-version.js'
import { afterTurn } from '../../streams/system-clock.js'
import { createDeferred } from '../supervision/deferred.js'
import { createSegmentInputs, openLiveSources } from './segment-inputs.js'
import { adaptiveLength, fixedLength } from './segment-length.js'
import type { SimulationState } from './simulation-state.js'
import type { SpikeStream, StreamSegment } from './spike-stream.js'
import type { SegmentRequest, StreamHost } from './stream-host.js'
import type { StreamSettings } from './stream-settings.js'

type Stage = 'waiting' | 'open' | 'over'

export function createSpikeStream(
  host: StreamHost,
  sizeOf: (group: string) => number,
  settings: StreamSettings,
): SpikeStream {
  const { until, record, from, segment } = settings
  const length = segment === null ? adaptiveLength(from?.segment) : fixedLength(segment)
  const ended = createDeferred<void>()
  let time = from?.time ?? 0
  let next: SegmentRequest['from'] = from ?? 'rest'
  let stage: Stage = 'waiting'
  let isStopping = false
  let isTaken = false
  let isAwaited = false
  /** Why there is no session any more. */
  let lost: Error | null = null
  /** The same, until the consumer learns it. */
  let untold: Error | null = null
  // What hot sources send before the run begins belongs to it.
  const inputs = createSegmentInputs(settings.given, openLiveSources(settings.live, { sizeOf, start: time }))
  const { inTurn } = createOneAtATime()

  async function open(): Promise<void> {
    await host.claim()
    stage = 'open'
  }

  function close(): void {
    if (stage === 'open') host.release()
    stage = 'over'
    inputs.stop()
    forget()
  }

  function fail(error: Error): void {
    close()
    ended.reject(error)
  }

  const forget = host.onEnd((reason) => {
    lost = reason
    // Runs that wait for a live source go on without it.
    inputs.stop()
    // The loss is kept until the stream is used again, which may never happen.
    void inTurn(async () => {
      if (stage === 'over') return
      untold = reason
      fail(reason)
    })
  })

  /** Returns the reason of a loss that has not been reported yet, once; else null. */
  function tellOfLoss(): null {
    const reason = untold
    untold = null
    if (reason !== null) throw reason
    return null
  }

  /** The next segment; null at the end. */
  async function advance(): Promise<StreamSegment | null> {
    if (stage === 'over') return tellOfLoss()
    try {
      // One that is stopped before its first segment has nothing to do with the session.
      if (stage === 'waiting' && !isStopping) await open()
      // A stream in this process is one long chain of promises: timers and signals get a turn between two segments.
      await nextTurn()
      const ahead = { start: time, end: Math.min(until, time + length.value) }
      const end = await endOf(ahead)
      if (lost !== null && !isStopping) throw lost
      if (isStopping || !(end > time)) {
        close()
        ended.resolve()
        return null
      }
      return await runTo(end, ahead)
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  }

  /** At its end a run does not wait for inputs. */
  async function endOf(ahead: Window): Promise<number> {
    return isStopping || time >= until ? time : await inputs.horizon(ahead)
  }

  async function runTo(end: number, ahead: Window): Promise<StreamSegment> {
    const window = { start: time, end }
    const { spikes, crowd } = await host.run({ window, until, inputs: inputs.take(window), record, from: next })
    time = end
    next = 'last'
    if (end === ahead.end) length.seen(crowd)
    return { window, spikes }
  }

  async function stop(): Promise<void> {
    isStopping = true
    // A segment that waits for a live source waits no longer.
    inputs.stop()
    await inTurn(advance).catch(() => undefined)
  }

  function saveState(): Promise<SimulationState> {
    return inTurn(async () => {
      if (stage !== 'open' || next !== 'last') throw notBetweenSegments()
      const { identity } = settings
      return { time, segment: length.value, arithmetic: ARITHMETIC_VERSION, ...identity, ...(await host.states()) }
    })
  }

  function take(): void {
    if (isTaken)
      throw new RunError({
        code: 'STREAM_TAKEN',
        message: 'The stream has a consumer already.',
        remedy:
          'Take it once, and await nothing between the call of `stream` and that: awaiting `done` of a stream that has no consumer runs it.',
      })
    isTaken = true
  }

  /** For callers that await the end: the stream runs even if no consumer takes it in this turn of the event loop. */
  async function runUnread(): Promise<void> {
    if (isAwaited) return
    isAwaited = true
    await nextTurn()
    if (isTaken || stage === 'over') return
    take()
    while ((await inTurn(advance)) !== null);
  }

  const iterate = (): AsyncIterator<StreamSegment, undefined> => ({
    async next() {
      const value = await inTurn(advance)
      return value === null ? { done: true, value: undefined } : { done: false, value }
    },
    async return() {
      await stop()
      return { done: true, value: undefined }
    },
  })

  const spikes$ = new Observable<SpikeBatch>((subscriber) => {
    take()
    void pump()
    return () => void stop()

    async function pump(): Promise<void> {
      try {
        for (let sequence = 0; !subscriber.closed; sequence++) {
          const found = await inTurn(advance)
          if (found === null) break
          for (const [stream, trains] of Object.entries(found.spikes))
            subscriber.next({ stream, sequence, window: found.window, ...trains })
        }
        subscriber.complete()
      } catch (error) {
        subscriber.error(error)
      }
    }
  })

  return {
    spikes$,
    // What ends the run otherwise rejects `done` itself.
    done: heardPromise(ended.promise, () => void runUnread().catch(() => undefined)),
    get time() {
      return time
    },
    saveState,
    stop,
    [Symbol.asyncIterator]() {
      take()
      return iterate()
    },
  }
}

function notBetweenSegments(): RunError {
  return new RunError({
    code: 'STREAM_STATE',
    message: 'A stream has a state to save after its first segment and before its end.',
  })
}

/** Timers, signals and messages that are due come first. */
function nextTurn(): Promise<void> {
  return new Promise(afterTurn)
}

const WAYS_TO_WAIT: readonly (string | symbol)[] = ['then', 'catch', 'finally'] satisfies (keyof Promise<unknown>)[]

/** The same promise, which calls `onAwaited` when its value is awaited; passing it on does not count. */
function heardPromise<Value>(promise: Promise<Value>, onAwaited: () => void): Promise<Value> {
  return new Proxy(promise, {
    get(target, name) {
      if (WAYS_TO_WAIT.includes(name)) onAwaited()
      const value: unknown = Reflect.get(target, name)
      // The methods of a promise take no proxy for one.
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
