import { isObservable, Observable, Subject, takeUntil } from 'rxjs'
import type { LiveInput, LiveSource } from './live-source.js'
import type { LiveSpikes } from './require-live-spikes.js'

/** What a live input does for the sources it feeds. */
export interface LiveFeed {
  /** Fetches the next spikes of the input unless a fetch is in progress. */
  ask(): void
  stop(): void
}

type Sink = Pick<LiveSource, 'take' | 'fail' | 'end' | 'isOver'>

/**
 * Passes what a live input sends to all sources that it feeds, from now on and until none of them can use it any more.
 * An iterable is asked for one thing at a time; an Observable may send at once, and whenever it likes.
 */
export function openLiveFeed(input: LiveInput, sinks: readonly Sink[]): LiveFeed {
  try {
    return isObservable(input) ? observe(input, sinks) : pull(input, sinks)
  } catch (error) {
    for (const sink of sinks) sink.fail(error)
    return { ask: () => undefined, stop: () => undefined }
  }
}

/** What one source makes of it counts for all: a run that has lost one is over. */
const isEnough = (sinks: readonly Sink[]) => sinks.some(({ isOver }) => isOver)

function observe(input: Observable<LiveSpikes>, sinks: readonly Sink[]): LiveFeed {
  const enough$ = new Subject<void>()
  // One of another make may have no operators, and may throw.
  const own = new Observable<LiveSpikes>((subscriber) => input.subscribe(subscriber))
  // Unlike a subscription, this reaches who has not yet returned from being subscribed to.
  own.pipe(takeUntil(enough$)).subscribe({
    next(chunk) {
      for (const sink of sinks) sink.take(chunk)
      if (isEnough(sinks)) enough$.next()
    },
    error(error) {
      for (const sink of sinks) sink.fail(error)
    },
    complete() {
      for (const sink of sinks) sink.end()
    },
  })
  return { ask: () => undefined, stop: () => enough$.next() }
}

function pull(input: AsyncIterable<LiveSpikes>, sinks: readonly Sink[]): LiveFeed {
  const iterator = input[Symbol.asyncIterator]()
  let isAsked = false
  let isStopped = false

  async function next(): Promise<void> {
    try {
      const found = await iterator.next()
      // A sink that needs more than what came asks again.
      isAsked = false
      for (const sink of sinks) {
        if (found.done === true) sink.end()
        else sink.take(found.value)
      }
    } catch (error) {
      for (const sink of sinks) sink.fail(error)
    }
  }

  return {
    ask() {
      if (isAsked) return
      isAsked = true
      void next()
    },
    stop() {
      if (isStopped) return
      isStopped = true
      // The iterator is closed without waiting; what its closing raises is ignored.
      void (async () => iterator.return?.())().catch(() => undefined)
    },
  }
}
