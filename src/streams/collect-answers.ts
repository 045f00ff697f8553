import { Observable } from 'rxjs'
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
    const waiting = outputs.map(() => createFifo<GradientBatch>())
    let sequence = Infinity
    const emit = () => {
      if (sequence === Infinity) return
      while (sequence >= 0 && waiting.every((queue) => queue.size > 0)) {
        const batches = waiting.map((queue) => queue.take())
        const stray = batches.find((batch) => batch.sequence !== sequence)
        if (stray !== undefined) {
          subscriber.error(strayAnswer(stray, sequence))
          return
        }
        const answers = batches.map(({ values }, k) => ({ ...(outputs[k] as AnswerSource).sums, values }))
        subscriber.next({ sequence: sequence--, answers })
      }
      if (sequence < 0) subscriber.complete()
    }
    outputs.forEach(({ gradients$ }, k) => {
      subscriber.add(
        gradients$.subscribe((batch) => {
          waiting[k]?.push(batch)
          emit()
        }),
      )
    })
    subscriber.add(
      count$.subscribe((count) => {
        sequence = count - 1
        emit()
      }),
    )
  })
}

function strayAnswer({ stream, sequence }: GradientBatch, expected: number): InternalError {
  return new InternalError(`An answer to batch ${sequence} of "${stream}" came in place of ${expected}.`)
}
