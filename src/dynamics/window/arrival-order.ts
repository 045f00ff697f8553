import { sortByKey } from '../natural-merge-sort.js'
import type { ArrivalCell } from './arrival-cells.js'

/**
 * Brings the arrivals of a cell into their one order: by time (of the spike, where synapses have their own delays), then
 * projection, then source unit. Those that have all three in common are alike. It does not show when or in what batches
 * the spikes came, how their source is cut, nor in which cell a spike came up before.
 */
export function createArrivalOrder(): (cell: ArrivalCell) => void {
  let order = new Int32Array(64)
  let spare = new Int32Array(64)
  return (cell) => {
    const { count, times, projections, units, firsts, slots } = cell
    const before = (a: number, b: number) => {
      const [projection, other] = [projections[a] as number, projections[b] as number]
      return projection !== other ? projection < other : (units[a] as number) < (units[b] as number)
    }
    if (isInOrder(cell, before)) return
    if (count > order.length) {
      order = new Int32Array(times.length)
      spare = new Int32Array(times.length)
    }
    for (let k = 0; k < count; k++) order[k] = k
    sortByKey(order, spare, count, times, before)
    const sorted = order.subarray(0, count)
    const [oldTimes, ...oldNumbers] = [times.slice(0, count), projections, units, firsts, slots] as const
    const old = oldNumbers.map((numbers) => numbers.slice(0, count))
    sorted.forEach((from, to) => {
      times[to] = oldTimes[from] as number
      oldNumbers.forEach((numbers, field) => {
        numbers[to] = old[field]?.[from] as number
      })
    })
  }
}

function isInOrder({ count, times }: ArrivalCell, before: (a: number, b: number) => boolean): boolean {
  for (let k = 1; k < count; k++) {
    const [time, last] = [times[k] as number, times[k - 1] as number]
    if (time < last || (time === last && before(k, k - 1))) return false
  }
  return true
}
