import type { ArrivalCounter } from '../arrival-count.js'
import type { SourceRows } from './source-rows.js'

/**
 * Counts the synaptic events that spikes cause through rows.
 *
 * @param delayOf the delay of a unit's synapses; null where these have their own
 */
export function createRowCounter(
  memory: { readonly f32: Float32Array; readonly u32: Uint32Array },
  rowsOf: () => SourceRows,
  delayOf: ((unit: number) => number) | null,
): ArrivalCounter {
  let end = Number.POSITIVE_INFINITY

  /** Own delays rise along a row. */
  function countInTime(time: number, { records, stride, delayAt }: SourceRows, from: number, to: number): number {
    const { f32 } = memory
    let at = to
    while (at > from && !(time + (f32[(records + stride * (at - 1) + delayAt) / 4] as number) < end)) at--
    return at - from
  }

  return {
    isHeard(unit) {
      const row = rowsOf().rows / 4 + unit
      return (memory.u32[row + 1] as number) > (memory.u32[row] as number)
    },
    begin(until) {
      end = until
    },
    count({ times, units }) {
      const rows = rowsOf()
      const { u32 } = memory
      let count = 0
      for (let k = 0; k < times.length; k++) {
        const unit = units[k] as number
        const [from, to] = [u32[rows.rows / 4 + unit] as number, u32[rows.rows / 4 + unit + 1] as number]
        const time = times[k] as number
        if (delayOf === null) count += countInTime(time, rows, from, to)
        else if (time + delayOf(unit) < end) count += to - from
      }
      return count
    },
  }
}
