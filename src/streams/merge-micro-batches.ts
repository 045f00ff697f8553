import { Observable } from 'rxjs'
import type { SpikeBatch } from '../events/spike-batch.js'
import { createFifo } from './fifo.js'

/** The spikes of one micro-batch, of every input in their order. */
export interface MicroBatch {
  readonly number: number
  readonly received: readonly SpikeBatch[]
}

/**
 * Joins spike streams by their micro-batches, of which every stream brings each, in order: emits the next one once all
 * inputs have brought it, and completes after the last. Without inputs all are there at once.
 *
 *     count 2, a  --0--1-----
 *              b  ----0---1--
 *     joined      ----0---(1|)
 */
export function mergeMicroBatches(inputs: readonly Observable<SpikeBatch>[], count: number): Observable<MicroBatch> {
  return new Observable((subscriber) => {
    const waiting = inputs.map(() => createFifo<SpikeBatch>())
    let number = 0
    const emit = () => {
      while (number < count && waiting.every(({ size }) => size > 0))
        subscriber.next({ number: number++, received: waiting.map((queue) => queue.take()) })
      if (number === count) subscriber.complete()
    }
    inputs.forEach((spikes$, input) => {
      subscriber.add(
        spikes$.subscribe({
          next(batch) {
            waiting[input]?.push(batch)
            emit()
          },
          error: (error) => subscriber.error(error),
        }),
      )
    })
    if (inputs.length === 0) emit()
  })
}
