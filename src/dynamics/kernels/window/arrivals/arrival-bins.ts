import { sortByKey } from '../../../../events/natural-merge-sort.js'
import { MinHeap } from '../../../../numerics/min-heap.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { ARRIVAL } from '../../wasm/schema/window-records.js'
import type { SourceRows } from '../rows/source-rows.js'

/** Arrivals of spikes at rows of synapses, whose bin has not come yet. */
export interface ArrivalBin {
  count: number
  /** When the spikes came, and what they count as in the bin: arrivals where synapses share a delay, else the spikes. */
  sent: Float64Array
  times: Float64Array
  /** Numbers of projection and source unit. */
  projections: Uint32Array
  units: Uint32Array
  /** Address of the first record that arrives, 0 for the first of the row. */
  firsts: Uint32Array
  /** Numbers of the spikes among those received. */
  slots: Uint32Array
}

/** A spike that arrives at a row, or at a part of one. */
export interface RowArrival {
  readonly sent: number
  readonly time: number
  readonly projection: number
  readonly unit: number
  readonly number?: number
  /** Address of the first record that arrives, 0 for the first of the row. */
  readonly first?: number
  /** Number of the spike among those received. */
  readonly slot?: number
}

/** The arrivals of one trial, bin by bin, as they come; see `createArrivalOrder`. */
export function createArrivalBins(perBin: number) {
  const bins = new Map<number, ArrivalBin>()
  const queue = createBinQueue()
  const spare: ArrivalBin[] = []
  return {
    /**
     * @param sent time of the spike
     * @param time of the arrival, or of the spike: then `number` is given
     */
    add({ sent, time, projection, unit, number = Math.floor(time * perBin), first = 0, slot = 0 }: RowArrival): void {
      const bin = bins.get(number) ?? spare.pop() ?? emptyBin()
      if (bin.count === 0) {
        bins.set(number, bin)
        queue.push(number)
      }
      if (bin.count === bin.times.length) widen(bin)
      const { count } = bin
      bin.sent[count] = sent
      bin.times[count] = time
      bin.projections[count] = projection
      bin.units[count] = unit
      bin.firsts[count] = first
      bin.slots[count] = slot
      bin.count = count + 1
    },
    /** What arrives in a bin; it may be overwritten once `release` gives it back. */
    at: (number: number): ArrivalBin | undefined => bins.get(number),
    /** The first bin in which something arrives; Infinity if nothing does. */
    first: () => queue.first(),
    release(number: number): void {
      const bin = bins.get(number)
      if (bin === undefined) return
      bins.delete(number)
      queue.dropUpTo(number)
      bin.count = 0
      spare.push(bin)
    },
    clear(): void {
      bins.clear()
      queue.clear()
    },
  }
}

function emptyBin(): ArrivalBin {
  const numbers = () => new Uint32Array(64)
  return {
    ...{ count: 0, sent: new Float64Array(64), times: new Float64Array(64) },
    ...{ projections: numbers(), units: numbers(), firsts: numbers(), slots: numbers() },
  }
}

function widen(bin: ArrivalBin): void {
  const room = 2 * bin.times.length
  const wider = (old: Uint32Array) => {
    const grown = new Uint32Array(room)
    grown.set(old)
    return grown
  }
  const [sent, times] = [new Float64Array(room), new Float64Array(room)]
  sent.set(bin.sent)
  times.set(bin.times)
  bin.sent = sent
  bin.times = times
  bin.projections = wider(bin.projections)
  bin.units = wider(bin.units)
  bin.firsts = wider(bin.firsts)
  bin.slots = wider(bin.slots)
}

/** Numbers of bins, the smallest first. */
interface BinQueue {
  push(bin: number): void
  /** The smallest number; Infinity if there is none. */
  first(): number
  /** Drops all numbers up to one. */
  dropUpTo(bin: number): void
  clear(): void
}

export function createBinQueue(): BinQueue {
  const heap = new MinHeap<null>()
  return {
    push: (bin) => heap.push(bin, null),
    first: () => heap.first(),
    dropUpTo(bin) {
      while (heap.size > 0 && heap.first() <= bin) heap.take()
    },
    clear: () => heap.clear(),
  }
}

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

/**
 * Spikes of a bin whose rows have later arrivals, too, come up again in the next one.
 *
 * @param at where the arrivals of the bin lie, once the kernel has prepared them
 */
export function carryOn(
  { u32 }: KernelMemory,
  at: number,
  bin: ArrivalBin,
  rowsOf: (projection: number) => SourceRows,
  { arrivals, next }: { readonly arrivals: ReturnType<typeof createArrivalBins>; readonly next: number },
): void {
  for (let k = 0; k < bin.count; k++) {
    const projection = bin.projections[k] as number
    const rows = rowsOf(projection)
    if (rows.delayAt === 0) continue
    const unit = bin.units[k] as number
    const end = u32[(at + ARRIVAL.size * k + ARRIVAL.at.end) / 4] as number
    const stop = rows.records + rows.stride * (u32[rows.rows / 4 + unit + 1] as number)
    const [sent, time, slot] = [bin.sent[k] as number, bin.times[k] as number, bin.slots[k] as number]
    if (end < stop) arrivals.add({ sent, time, projection, unit, number: next, first: end, slot })
  }
}
