import { Observable, type Subscriber } from 'rxjs'
import type { AnswerSums, ProjectionAnswer } from '../dynamics/projection-answers.js'
import { InternalError } from '../events/errors.js'
import type { GradientBatch } from '../events/gradient-batch.js'
import { createFifo } from './fifo.js'

/** A pathway whose answers are awaited. */
export interface AnswerSource {
  readonly sums: AnswerSums
  readonly gradients$: Observable<GradientBatch>
}

/** The answers of every output to the batches of one sequence number, in the order of the outputs. */
export interface AnsweredBatch {
  readonly sequence: number
  readonly answers: readonly ProjectionAnswer[]
}

/**
 * Joins the answers of several outputs: emits once all answers to a sequence number have come, the last one first, as
 * the backward pass takes them.
 *
 *     a       --1--0---------|
 *     b       ----1-----0----|
 *     count   ------2--------|
 *     joined  ------1---0|
 *
 * Answers may come while batches are still being emitted: they wait for the count.
 *
 * @param count$ emits once, the number of batches that were emitted; they are numbered from 0
 */
export function collectAnswers(
  outputs: readonly AnswerSource[],
  count$: Observable<number>,
): Observable<AnsweredBatch> {
  return new Observable((subscriber) => {
    let sequence = Infinity
    const waiting = awaitAnswers(outputs, subscriber, emit)
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
 * Joins the answers to the micro-batches of a run, the first one first: emits once a micro-batch is ready and all outputs
 * have answered it.
 *
 *     count 2, a  --0-----1--
 *              b  ---0---1---
 *     ready       -----0---1-
 *     joined      -----0---(1|)
 *
 * @param ready$ emits a number whenever one more micro-batch may be answered
 */
export function collectMicroBatches(
  outputs: readonly AnswerSource[],
  ready$: Observable<unknown>,
  count: number,
): Observable<AnsweredBatch> {
  return new Observable((subscriber) => {
    let sequence = 0
    let ready = 0
    const waiting = awaitAnswers(outputs, subscriber, emit)
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

/** @param came called whenever an answer has */
function awaitAnswers(outputs: readonly AnswerSource[], subscriber: Subscriber<AnsweredBatch>, came: () => void) {
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
    /** Emits the next answer of every output, which must be to this batch; false if they are not all there. */
    hand(sequence: number): boolean {
      if (subscriber.closed || waiting.some((queue) => queue.size === 0)) return false
      const batches = waiting.map((queue) => queue.take())
      const stray = batches.find((batch) => batch.sequence !== sequence)
      if (stray !== undefined) {
        subscriber.error(strayAnswer(stray, sequence))
        return false
      }
      const answers = batches.map(({ values }, k) => ({ ...(outputs[k] as AnswerSource).sums, values }))
      subscriber.next({ sequence, answers })
      return true
    },
  }
}

function strayAnswer({ stream, sequence }: GradientBatch, expected: number): InternalError {
  return new InternalError(`An answer to batch ${sequence} of "${stream}" came in place of ${expected}.`)
}
