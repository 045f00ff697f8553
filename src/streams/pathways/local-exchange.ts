import { Subject } from 'rxjs'
import type { Deliver } from '../deliver.js'
import type { Exchange } from '../exchange.js'
import { inOrder } from './in-order.js'

/** An exchange within one process. */
export function createLocalExchange(deliver: Deliver): Exchange {
  const values$ = new Subject<Float64Array>()
  const answers$ = new Subject<Float64Array>()
  return {
    values$: values$.asObservable(),
    answers$: answers$.asObservable(),
    sendValues: inOrder(deliver, (values) => values$.next(values)),
    sendAnswer: inOrder(deliver, (values) => answers$.next(values)),
    close() {
      values$.complete()
      answers$.complete()
    },
  }
}
