import { sortByKey } from '../../../../events/natural-merge-sort.js'
import type { ArrivalBin } from './arrival-bins.js'

/**
 * Brings the arrivals of a bin into their one order: by projection, then time of the spike, then source unit. Those that
 * have all three in common are alike. It does not show when or in what batches the spikes came, how their source is cut,
 * nor in which bin a spike came up before.
 */
export function createArrivalOrder(): (bin: ArrivalBin) => void {
  let order = new Int32Array(64)
  let spare = new Int32Array(64)
  let keys = new Float64Array(64)
  return (bin) => {
    const { count, sent, times, projections, units, firsts, slots } = bin
    const before = (a: number, b: number) => {
      const [time, other] = [sent[a] as number, sent[b] as number]
      return time !== other ? time < other : (units[a] as number) < (units[b] as number)
    }
    if (isInOrder(bin, before)) return
    if (count > order.length) {
      order = new Int32Array(times.length)
      spare = new Int32Array(times.length)
      keys = new Float64Array(times.length)
    }
    keys.set(projections.subarray(0, count))
    for (let k = 0; k < count; k++) order[k] = k
    sortByKey(order, spare, count, keys, before)
    const sorted = order.subarray(0, count)
    for (const numbers of [sent, times, projections, units, firsts, slots]) {
      const old = numbers.slice(0, count)
      sorted.forEach((from, to) => {
        numbers[to] = old[from] as number
      })
    }
  }
}

function isInOrder({ count, projections }: ArrivalBin, before: (a: number, b: number) => boolean): boolean {
  for (let k = 1; k < count; k++) {
    const [projection, last] = [projections[k] as number, projections[k - 1] as number]
    if (projection < last || (projection === last && before(k, k - 1))) return false
  }
  return true
}
