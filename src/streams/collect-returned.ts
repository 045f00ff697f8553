import { Observable, type Subscriber } from 'rxjs'
import type { ReturnedEvents, ReturnedSums } from '../dynamics/kernels/returned-events.js'
import { InternalError } from '../events/errors.js'
import type { GradientBatch } from '../events/gradient-batch.js'
import { createFifo } from './fifo.js'

/** A pathway whose gradients are awaited. */
export interface GradientSource {
  readonly sums: ReturnedSums
  readonly gradients$: Observable<GradientBatch>
}

/** The gradients from every output for the batches of one sequence number, in the order of the outputs. */
export interface ReturnedBatch {
  readonly sequence: number
  readonly returned: readonly ReturnedEvents[]
}

/**
 * Joins the gradients from several outputs: emits once all of a sequence number have come, the last one first, as
 * the backward pass takes them.
 *
 *     a       --1--0---------|
 *     b       ----1-----0----|
 *     count   ------2--------|
 *     joined  ------1---0|
 *
 * Gradients may come while batches are still being emitted: they wait for the count.
 *
 * @param count$ emits once, the number of batches that were emitted; they are numbered from 0
 */
export function collectReturned(
  outputs: readonly GradientSource[],
  count$: Observable<number>,
): Observable<ReturnedBatch> {
  return new Observable((subscriber) => {
    let sequence = Infinity
    const waiting = awaitReturned(outputs, subscriber, emit)
    function emit(): void {
      if (sequence === Infinity) return
      while (sequence >= 0 && waiting.hand(sequence)) sequence--
      if (sequence < 0) subscriber.complete()
    }
    subscriber.add(
      count$.subscribe((count) => {
        sequence = count - 1
        emit()
      }),
    )
  })
}

/**
 * Joins the gradients of the micro-batches of a run, the first one first: emits once a micro-batch is ready and all outputs
 * have returned its gradients.
 *
 *     count 2, a  --0-----1--
 *              b  ---0---1---
 *     ready       -----0---1-
 *     joined      -----0---(1|)
 *
 * @param ready$ emits a number whenever one more micro-batch is ready for its gradients
 */
export function collectMicroBatches(
  outputs: readonly GradientSource[],
  ready$: Observable<unknown>,
  count: number,
): Observable<ReturnedBatch> {
  return new Observable((subscriber) => {
    let sequence = 0
    let ready = 0
    const waiting = awaitReturned(outputs, subscriber, emit)
    function emit(): void {
      while (sequence < ready && waiting.hand(sequence)) sequence++
      if (sequence === count) subscriber.complete()
    }
    subscriber.add(
      ready$.subscribe(() => {
        ready++
        emit()
      }),
    )
  })
}

/** @param came called whenever gradients come */
function awaitReturned(outputs: readonly GradientSource[], subscriber: Subscriber<ReturnedBatch>, came: () => void) {
  const waiting = outputs.map(() => createFifo<GradientBatch>())
  outputs.forEach(({ gradients$ }, k) => {
    subscriber.add(
      gradients$.subscribe((batch) => {
        waiting[k]?.push(batch)
        came()
      }),
    )
  })
  return {
    /** Emits the gradients of this batch, the next from every output; false if some have not come yet. */
    hand(sequence: number): boolean {
      if (subscriber.closed || waiting.some((queue) => queue.size === 0)) return false
      const batches = waiting.map((queue) => queue.take())
      const stray = batches.find((batch) => batch.sequence !== sequence)
      if (stray !== undefined) {
        subscriber.error(strayGradients(stray, sequence))
        return false
      }
      const returned = batches.map(({ values }, k) => ({ values, ...(outputs[k] as GradientSource).sums }))
      subscriber.next({ sequence, returned })
      return true
    },
  }
}

function strayGradients({ stream, sequence }: GradientBatch, expected: number): InternalError {
  return new InternalError(`Gradients of batch ${sequence} of "${stream}" came in place of those of ${expected}.`)
}
