import type { Observable } from 'rxjs'
import { createFifo } from '../../../streams/fifo.js'

/** Vectors that arrive, one awaited after the other. */
export interface VectorQueue {
  /** The next one, in the order of arrival; rejects with what `fail` is given. */
  next(): Promise<Float64Array>
  /** Forgets what has arrived. */
  clear(): void
  /** Breaks off what is awaited now. */
  fail(reason: unknown): void
}

export function createVectorQueue(vectors$: Observable<Float64Array>): VectorQueue {
  let arrived = createFifo<Float64Array>()
  let awaited: { resolve(values: Float64Array): void; reject(reason: unknown): void } | null = null
  vectors$.subscribe((values) => {
    if (awaited === null) arrived.push(values)
    else awaited.resolve(values)
    awaited = null
  })
  return {
    next() {
      if (arrived.size > 0) return Promise.resolve(arrived.take())
      return new Promise((resolve, reject) => {
        awaited = { resolve, reject }
      })
    },
    clear() {
      arrived = createFifo()
    },
    fail(reason) {
      awaited?.reject(reason)
      awaited = null
    },
  }
}
