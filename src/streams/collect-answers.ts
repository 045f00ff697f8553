import { Observable } from 'rxjs'
import type { ProjectionAnswer } from '../dynamics/projection-answers.js'
import type { GradientBatch } from '../events/gradient-batch.js'

/** A connection whose answers are awaited. */
export interface AnswerSource {
  /** Its projection's place in the network's list; Infinity for a loss, whose explicit term is added last. */
  readonly order: number
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
    const waiting = outputs.map((): Float64Array[] => [])
    let sequence = Infinity
    const emit = () => {
      if (sequence === Infinity) return
      while (sequence >= 0 && waiting.every((queue) => queue.length > 0)) {
        const answers = outputs.map(({ order }, k) => ({ order, values: waiting[k]?.shift() as Float64Array }))
        subscriber.next({ sequence: sequence--, answers })
      }
      if (sequence < 0) subscriber.complete()
    }
    outputs.forEach(({ gradients$ }, k) => {
      subscriber.add(
        gradients$.subscribe(({ values }) => {
          waiting[k]?.push(values)
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
