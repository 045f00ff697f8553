import { Observable, type Observer, type Subscriber, Subscription } from 'rxjs'
import { createBatchQueue } from './batch-queue.js'
import type { Watch, WatchedRun, WatchOptions } from './watched.js'

/** A watcher, as the session knows it. */
export interface Watcher<Batch> {
  put(batch: Batch): void
  end(reason: Error | null): void
  readonly hasRoom: boolean
}

export interface WatchSource<Batch> extends Required<WatchOptions> {
  /** From now on batches are put to the watcher. What is returned takes it off the list. */
  join(watcher: Watcher<Batch>): () => void
  /** Called when a watcher has room again. */
  readonly roomy: () => void
  /** What a subscriber has thrown that has nowhere to hear of it. */
  readonly thrown: (error: unknown) => void
}

/** An Observable that may be iterated over, too. */
export function createWatch<Batch extends WatchedRun>(source: WatchSource<Batch>): Watch<Batch> {
  return new HotWatch(source)
}

type Given<Batch> = Partial<Observer<Batch>> | ((batch: Batch) => void) | null

class HotWatch<Batch extends WatchedRun> extends Observable<Batch> implements Watch<Batch> {
  readonly #source: WatchSource<Batch>

  constructor(source: WatchSource<Batch>) {
    super((subscriber) => source.join(watcherOf(subscriber)))
    this.#source = source
  }

  /** RxJS would let what a subscriber throws end the process, later. */
  override subscribe(
    observer?: Given<Batch>,
    error?: ((reason: unknown) => void) | null,
    complete?: (() => void) | null,
  ): Subscription {
    // Operators have a way of their own to tell of errors.
    if (observer instanceof Subscription) return super.subscribe(observer as Subscriber<Batch>)
    return this.#guarded(partsOf(observer, error, complete))
  }

  [Symbol.asyncIterator](): AsyncIterator<Batch, undefined> {
    const { roomy } = this.#source
    const queue = createBatchQueue<Batch>({
      ...this.#source,
      left: () => {
        leave()
        roomy()
      },
    })
    const leave = this.#source.join(queue)
    return queue
  }

  #guarded(given: Partial<Observer<Batch>>): Subscription {
    const { thrown } = this.#source
    const tell = (error: unknown) => {
      try {
        if (given.error === undefined) thrown(error)
        else given.error(error)
      } catch (another) {
        thrown(another)
      }
    }
    const guarded = (work: () => void) => {
      try {
        work()
      } catch (error) {
        subscription.unsubscribe()
        tell(error)
      }
    }
    const subscription: Subscription = super.subscribe({
      next: (batch) => guarded(() => given.next?.(batch)),
      error: tell,
      complete: () => guarded(() => given.complete?.()),
    })
    return subscription
  }
}

/** An observer, or its functions. */
function partsOf<Batch>(
  observer: Given<Batch> | undefined,
  error: ((reason: unknown) => void) | null | undefined,
  complete: (() => void) | null | undefined,
): Partial<Observer<Batch>> {
  if (typeof observer !== 'function') return observer ?? {}
  return { next: observer, ...(error == null ? {} : { error }), ...(complete == null ? {} : { complete }) }
}

function watcherOf<Batch>(subscriber: Subscriber<Batch>): Watcher<Batch> {
  return {
    hasRoom: true,
    put: (batch) => subscriber.next(batch),
    end(reason) {
      if (reason === null) subscriber.complete()
      else subscriber.error(reason)
    },
  }
}
