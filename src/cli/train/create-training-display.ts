import type { CoreTraffic } from '../../actors/open-cluster.js'
import { shown } from '../shown.js'
import type { Terminal } from '../terminal.js'
import { epochSummary, epochTitle } from './epoch-summary.js'
import { createNewAdvice } from './new-advice.js'
import { formatTraffic } from './traffic-table.js'
import { createTrainingBars } from './training-bars.js'
import type { TrainingDisplay } from './training-display.js'

/**
 * A bar where a person watches, with the links below; else a line per epoch, or nothing when stdout carries the same as
 * JSON, and the links at the end.
 *
 * @param seconds a clock with any origin
 */
export function createTrainingDisplay(
  terminal: Terminal,
  { epochs, json, seconds }: { readonly epochs: number; readonly json: boolean; readonly seconds: () => number },
): TrainingDisplay {
  if (terminal.screen !== null) return createTrainingBars(terminal.screen, epochs, seconds)
  let latest: readonly CoreTraffic[] = []
  const newAdvice = createNewAdvice()
  return {
    step: () => undefined,
    epoch(record) {
      if (json) return
      terminal.err(shown`${epochTitle(record.epoch, epochs)}  ${epochSummary(record)}\n`)
      for (const sentence of newAdvice(record)) terminal.err(shown`  ${sentence}\n`)
    },
    links(traffic) {
      latest = traffic
    },
    close() {
      if (latest.length > 0) terminal.err(formatTraffic(latest))
    },
  }
}
