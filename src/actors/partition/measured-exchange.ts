import { InternalError } from '../../events/errors.js'
import type { Exchange } from '../../streams/exchange.js'
import type { Arrival } from '../../streams/pathways/arrival-check.js'
import type { LayoutRun, MessageLayout } from './message-layouts.js'

/**
 * An exchange that holds whoever sends to the layout by which another core would judge what arrives, also where both ends
 * are in one partition.
 *
 * Raises `InternalError` for a vector of another length.
 */
export function measuredExchange(
  exchange: Exchange,
  stream: number,
  layout: MessageLayout | undefined,
  runOf: () => LayoutRun,
): Exchange {
  function measure({ length }: Float64Array, expected: Arrival | undefined): void {
    if (expected?.kind === 'vector' && expected.length === length) return
    const found = `a vector of ${length} numbers`
    const wanted = expected?.kind === 'vector' ? `one of ${expected.length}` : (expected?.kind ?? 'nothing')
    throw new InternalError(`${found} would be sent in place of ${wanted}, on stream ${stream}.`, { stream })
  }
  return {
    ...exchange,
    sendValues(values) {
      measure(values, layout?.forward(runOf()))
      exchange.sendValues(values)
    },
    sendAnswer(values) {
      measure(values, layout?.backward(runOf()))
      exchange.sendAnswer(values)
    },
  }
}
