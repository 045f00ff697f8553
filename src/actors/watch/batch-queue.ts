import type { WatchedRun, WatchOptions } from './watched.js'

/** The batches that wait for the iterating consumer. */
export interface BatchQueue<Batch> extends AsyncIterator<Batch, undefined> {
  put(batch: Batch): void
  /** Nothing more comes; the consumer takes what waits before it learns of the end. */
  end(reason: Error | null): void
  /** Whether the next run may begin; never, with 'wait', as long as it is full. */
  readonly hasRoom: boolean
}

export interface BatchQueueOptions extends Required<WatchOptions> {
  /** Called when there is room again. */
  readonly roomy: () => void
  /** Called when the iteration has ended. */
  readonly left: () => void
}

interface Waiting<Batch> {
  resolve(result: IteratorResult<Batch, undefined>): void
  reject(reason: Error): void
}

const DONE = { done: true, value: undefined } as const

/** A bounded queue; one that is full drops its oldest batch, and the next one tells of how many were. */
export function createBatchQueue<Batch extends WatchedRun>(options: BatchQueueOptions): BatchQueue<Batch> {
  const { overflow, buffer, roomy, left } = options
  let batches: readonly Batch[] = []
  let waiting: readonly Waiting<Batch>[] = []
  let dropped = 0
  let ended: { readonly reason: Error | null } | null = null

  const isFull = () => batches.length >= buffer

  function take(batch: Batch): IteratorResult<Batch, undefined> {
    const value = dropped === 0 ? batch : { ...batch, dropped }
    dropped = 0
    return { done: false, value }
  }

  function settle({ resolve, reject }: Waiting<Batch>): void {
    const reason = ended?.reason ?? null
    // Once is enough.
    ended = { reason: null }
    if (reason === null) resolve(DONE)
    else reject(reason)
  }

  return {
    get hasRoom() {
      return overflow === 'drop' || !isFull() || ended !== null
    },
    put(batch) {
      if (ended !== null) return
      const [first, ...later] = waiting
      if (first !== undefined) {
        waiting = later
        first.resolve(take(batch))
        return
      }
      // A run that had begun before it was full is waited for in vain.
      if (overflow === 'drop' && isFull()) {
        batches = batches.slice(1)
        dropped++
      }
      batches = [...batches, batch]
    },
    end(reason) {
      ended ??= { reason }
      const released = waiting
      waiting = []
      for (const each of released) settle(each)
    },
    next() {
      return new Promise((resolve, reject) => {
        const [first, ...later] = batches
        if (first !== undefined) {
          batches = later
          resolve(take(first))
          roomy()
        } else if (ended !== null) settle({ resolve, reject })
        else waiting = [...waiting, { resolve, reject }]
      })
    },
    async return() {
      batches = []
      ended = { reason: null }
      left()
      return DONE
    },
  }
}
