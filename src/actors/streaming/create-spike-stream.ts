import { Observable, type Subscriber } from 'rxjs'
import { createDeferred } from '../../events/deferred.js'
import { RunError } from '../../events/errors.js'
import { createOneAtATime } from '../../events/one-at-a-time.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { Window } from '../../events/window.js'
import { ARITHMETIC_VERSION } from '../../numerics/arithmetic-version.js'
import { afterTurn } from '../../streams/system-clock.js'
import { createSegmentInputs, openLiveSources, type SegmentInputs } from './segment-inputs.js'
import { adaptiveLength, fixedLength } from './segment-length.js'
import type { SimulationState } from './simulation-state.js'
import type { SpikeStream, StreamSegment } from './spike-stream.js'
import type { SegmentRequest, StreamHost } from './stream-host.js'
import type { StreamSettings } from './stream-settings.js'

export function createSpikeStream(
  host: StreamHost,
  sizeOf: (group: string) => number,
  settings: StreamSettings,
): SpikeStream {
  // What hot sources send before the run begins belongs to it.
  const live = openLiveSources(settings.live, { sizeOf, start: settings.from?.time ?? 0 })
  const run = createSegmentRun(host, settings, createSegmentInputs(settings.given, live))
  const { stop, saveState } = run
  let isTaken = false
  let isAwaited = false

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
    if (isTaken || run.isOver) return
    take()
    while ((await run.advance()) !== null);
  }

  const spikes$ = new Observable<SpikeBatch>((subscriber) => {
    take()
    void pump(run, subscriber)
    return () => void stop()
  })

  return {
    spikes$,
    // What ends the run otherwise rejects `done` itself.
    done: heardPromise(run.ended, () => void runUnread().catch(() => undefined)),
    get time() {
      return run.time
    },
    saveState,
    stop,
    [Symbol.asyncIterator]() {
      take()
      return iterate(run)
    },
  }
}

function iterate({ advance, stop }: SegmentRun): AsyncIterator<StreamSegment, undefined> {
  return {
    async next() {
      const value = await advance()
      return value === null ? { done: true, value: undefined } : { done: false, value }
    },
    async return() {
      await stop()
      return { done: true, value: undefined }
    },
  }
}

async function pump({ advance }: SegmentRun, subscriber: Subscriber<SpikeBatch>): Promise<void> {
  try {
    for (let sequence = 0; !subscriber.closed; sequence++) {
      const found = await advance()
      if (found === null) break
      for (const [stream, trains] of Object.entries(found.spikes))
        subscriber.next({ stream, sequence, window: found.window, ...trains })
    }
    subscriber.complete()
  } catch (error) {
    subscriber.error(error)
  }
}

/** The run of a stream; its calls are carried out one at a time. */
interface SegmentRun {
  /** Up to here it has run, in ms. */
  readonly time: number
  readonly isOver: boolean
  /** Resolves at the end of the run; rejects with the error that has ended it. */
  readonly ended: Promise<void>
  /** The next segment; null at the end. */
  advance(): Promise<StreamSegment | null>
  stop(): Promise<void>
  saveState(): Promise<SimulationState>
}

function createSegmentRun(host: StreamHost, settings: StreamSettings, inputs: SegmentInputs): SegmentRun {
  const ended = createDeferred<void>()
  const segments = createSegments(host, settings, inputs)
  const { inTurn } = createOneAtATime()
  let isStopping = false
  /** Why there is no session any more, until the consumer learns it. */
  let unreported: Error | null = null

  const claim = createSessionClaim(host, (reason) => {
    // Runs that wait for a live source go on without it.
    inputs.stop()
    // The loss is kept until the stream is used again, which may never happen.
    void inTurn(async () => {
      if (claim.stage === 'over') return
      unreported = reason
      fail(reason)
    })
  })

  function close(): void {
    claim.release()
    inputs.stop()
  }

  function fail(error: Error): void {
    close()
    ended.reject(error)
  }

  /** Raises the reason of a loss that has not been reported yet, once. */
  function reportLoss(): null {
    const reason = unreported
    unreported = null
    if (reason !== null) throw reason
    return null
  }

  async function advance(): Promise<StreamSegment | null> {
    if (claim.stage === 'over') return reportLoss()
    try {
      // One that is stopped before its first segment has nothing to do with the session.
      if (claim.stage === 'waiting' && !isStopping) await claim.open()
      // A stream in this process is one long chain of promises: timers and signals get a turn between two segments.
      await nextTurn()
      const ahead = segments.ahead()
      // At its end a run does not wait for inputs.
      const end = isStopping || segments.areDone ? ahead.start : await inputs.horizon(ahead)
      if (claim.lost !== null && !isStopping) throw claim.lost
      if (!isStopping && end > ahead.start) return await segments.run(end, ahead)
      close()
      ended.resolve()
      return null
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  }

  return {
    get time() {
      return segments.time
    },
    get isOver() {
      return claim.stage === 'over'
    },
    ended: ended.promise,
    advance: () => inTurn(advance),
    async stop() {
      isStopping = true
      // A segment that waits for a live source waits no longer.
      inputs.stop()
      await inTurn(advance).catch(() => undefined)
    },
    saveState: () =>
      inTurn(async () => {
        if (claim.stage !== 'open') throw notBetweenSegments()
        return segments.saveState()
      }),
  }
}

/** What a stream has of its session: exclusive use, from its first segment to its end. */
interface SessionClaim {
  readonly stage: 'waiting' | 'open' | 'over'
  /** Why there is no session any more; null while there is one. */
  readonly lost: Error | null
  open(): Promise<void>
  release(): void
}

function createSessionClaim(host: StreamHost, onLoss: (reason: Error) => void): SessionClaim {
  let stage: SessionClaim['stage'] = 'waiting'
  let lost: Error | null = null
  const forget = host.onEnd((reason) => {
    lost = reason
    onLoss(reason)
  })
  return {
    get stage() {
      return stage
    },
    get lost() {
      return lost
    },
    async open() {
      await host.claim()
      stage = 'open'
    },
    release() {
      if (stage === 'open') host.release()
      stage = 'over'
      forget()
    },
  }
}

/** The segments of a run in its session: how far they have come, and from where the next one continues. */
function createSegments(
  host: StreamHost,
  { until, record, from, segment, identity }: StreamSettings,
  inputs: Pick<SegmentInputs, 'take'>,
) {
  const length = segment === null ? adaptiveLength(from?.segment) : fixedLength(segment)
  let time = from?.time ?? 0
  let next: SegmentRequest['from'] = from ?? 'rest'
  return {
    get time() {
      return time
    },
    get areDone() {
      return time >= until
    },
    /** The next segment, unless inputs end it earlier. */
    ahead: (): Window => ({ start: time, end: Math.min(until, time + length.value) }),
    async run(end: number, ahead: Window): Promise<StreamSegment> {
      const window = { start: time, end }
      const { spikes, crowd } = await host.run({ window, until, inputs: inputs.take(window), record, from: next })
      time = end
      next = 'last'
      if (end === ahead.end) length.seen(crowd)
      return { window, spikes }
    },
    async saveState(): Promise<SimulationState> {
      if (next !== 'last') throw notBetweenSegments()
      return { time, segment: length.value, arithmetic: ARITHMETIC_VERSION, ...identity, ...(await host.states()) }
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
