import { Subject } from 'rxjs'
import type { Deliver } from '../deliver.js'
import type { VectorStream } from '../vector-stream.js'
import { inOrder } from './in-order.js'

/** A vector stream within one process. */
export function createLocalVectorStream(deliver: Deliver): VectorStream {
  const values$ = new Subject<Float64Array>()
  const returned$ = new Subject<Float64Array>()
  return {
    values$: values$.asObservable(),
    returned$: returned$.asObservable(),
    sendValues: inOrder(deliver, (values) => values$.next(values)),
    sendReturned: inOrder(deliver, (values) => returned$.next(values)),
    close() {
      values$.complete()
      returned$.complete()
    },
  }
}
