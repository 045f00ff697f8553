import { InternalError } from '../../../events/errors.js'
import type { Arrival } from '../../../streams/pathways/arrival-check.js'
import type { VectorStream } from '../../../streams/vector-stream.js'
import type { LayoutRun, MessageLayout } from './message-layouts.js'

/**
 * A vector stream that checks each vector as it is sent, by the layout by which another core would check it as it arrives;
 * also where both ends are in one partition.
 *
 * Raises `InternalError` for a vector of another length.
 */
export function measuredVectorStream(
  vectorStream: VectorStream,
  stream: number,
  layout: MessageLayout | undefined,
  runOf: () => LayoutRun,
): VectorStream {
  /** Checks what is sent in one direction; a run begins with its first vector. */
  function measure(arrivalIn: (run: LayoutRun) => Arrival | undefined) {
    let measured: LayoutRun | null = null
    let sent = 0
    return ({ length }: Float64Array): void => {
      const run = runOf()
      if (run !== measured) sent = 0
      measured = run
      const expected = arrivalIn(run)
      const wanted = expected?.kind === 'vector' ? expected.lengths[sent++] : undefined
      if (wanted === length) return
      const what = wanted === undefined ? 'nothing' : `one of ${wanted}`
      throw new InternalError(`A vector of ${length} numbers would be sent in place of ${what}, on stream ${stream}.`, {
        stream,
      })
    }
  }

  const measureValues = measure((run) => layout?.forward(run))
  const measureReturned = measure((run) => layout?.backward(run))
  return {
    ...vectorStream,
    sendValues(values) {
      measureValues(values)
      vectorStream.sendValues(values)
    },
    sendReturned(values) {
      measureReturned(values)
      vectorStream.sendReturned(values)
    },
  }
}
