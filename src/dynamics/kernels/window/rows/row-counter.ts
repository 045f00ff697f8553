import type { ArrivalCounter } from '../../../traffic/arrival-count.js'
import { type RowViews, recordsBefore, recordsOf, type SourceRows } from './source-rows.js'

/** The rows of a projection as they are now, and the delay of a unit's synapses; null where these have their own. */
export interface CountedRows {
  readonly views: RowViews
  readonly rows: SourceRows
  readonly delayOf: ((unit: number) => number) | null
}

/** Counts the synaptic events that spikes cause through rows. */
export function createRowCounter(now: () => CountedRows): ArrivalCounter {
  let end = Number.POSITIVE_INFINITY
  return {
    isHeard(unit) {
      const { views, rows } = now()
      return recordsOf(views, rows, unit) > 0
    },
    begin(until) {
      end = until
    },
    count({ times, units }) {
      const { views, rows, delayOf } = now()
      let count = 0
      for (let k = 0; k < times.length; k++) {
        const unit = units[k] as number
        const time = times[k] as number
        if (delayOf === null) count += recordsBefore(views, rows, unit, time, end)
        else if (time + delayOf(unit) < end) count += recordsOf(views, rows, unit)
      }
      return count
    },
  }
}
