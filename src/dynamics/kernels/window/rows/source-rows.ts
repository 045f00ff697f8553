import type { AddSynapse } from '../../../../network/connectivity/rule-synapses.js'
import type { SynapseDraws } from '../../../../network/instance/instance.js'
import type { Slice } from '../../../../network/slices/blocks.js'
import type { ArrivalCounter } from '../../../traffic/arrival-counter.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { SHORT_RECORD } from '../../wasm/schema/window-records.js'

/** Units that a 16-bit number can tell apart. */
export const SHORT_TARGETS = 65536

/**
 * The synapses of a projection by source unit, in a kernel's memory. A synapse is a record: its target, in 16 bits where
 * that is all, else in 32, then float32 weight and float32 delay where synapses have their own. Records of a row with own
 * delays stand in the order of these.
 */
export interface SourceRows {
  /** Address of the u32 number of every row's first record, and one more. */
  readonly rows: number
  readonly records: number
  /** Bytes of a record. */
  readonly stride: number
  /** Source units. */
  readonly sources: number
  /** Where in a record its weight and delay are; 0 where they are shared. */
  readonly weightAt: number
  readonly delayAt: number
  /** These are doubles, else float32. */
  readonly isDouble: boolean
}

/** Views of the memory that rows lie in. */
export interface RowViews {
  readonly f32: Float32Array
  readonly f64: Float64Array
  readonly u32: Uint32Array
}

/**
 * The delay of every synapse, where each has its own, all of them are the same, and no record could hold it to the last bit;
 * else null.
 */
export function commonDelay({ delaysPerSynapse }: SynapseDraws): number | null {
  return typeof delaysPerSynapse === 'number' && Math.fround(delaysPerSynapse) !== delaysPerSynapse
    ? delaysPerSynapse
    : null
}

/** Draws the synapses twice, once to count them: nothing but the rows takes memory. */
export function buildSourceRows(
  memory: KernelMemory,
  draws: SynapseDraws,
  { sourceSize, targetSize }: { readonly sourceSize: number; readonly targetSize: number },
): SourceRows {
  const { weights } = draws
  const delaysPerSynapse = commonDelay(draws) === null ? draws.delaysPerSynapse : null
  const weightAt = typeof weights === 'number' ? 0 : 4
  const delayAt = delaysPerSynapse === null ? 0 : weightAt + 4
  const isShort = weightAt + delayAt === 0 && targetSize <= SHORT_TARGETS
  const stride = isShort ? SHORT_RECORD : 4 + Math.max(weightAt, delayAt)
  const next = rowStarts(sourceSize, (add) => draws.visit(add))
  const synapses = next[sourceSize] as number
  const rows = memory.copy(next)
  const records = memory.take(stride * synapses)
  const view = new DataView(memory.memory.buffer, records, stride * synapses)
  visitByTarget(draws, (source, target, place) => {
    const at = stride * (next[source] as number)
    next[source] = (next[source] as number) + 1
    if (isShort) view.setUint16(at, target, true)
    else view.setUint32(at, target, true)
    if (typeof weights !== 'number') view.setFloat32(at + weightAt, weights(place), true)
    if (delaysPerSynapse !== null)
      view.setFloat32(
        at + delayAt,
        typeof delaysPerSynapse === 'number' ? delaysPerSynapse : delaysPerSynapse(place),
        true,
      )
  })
  const built = { rows, records, stride, sources: sourceSize, weightAt, delayAt, isDouble: false }
  if (delayAt > 0) sortRows(memory, built, sourceSize)
  return built
}

/**
 * Visits the synapses of a rule, those of a source in the order of their targets, as the list of parameters has them: rules
 * that begin at the sources visit them otherwise, one source after the other.
 */
export function visitByTarget(draws: SynapseDraws, add: AddSynapse): void {
  let source = -1
  let targets: number[] = []
  let places: number[] = []
  const tell = () => {
    const isRising = targets.every((target, k) => k === 0 || target >= (targets[k - 1] as number))
    const order = targets.map((_, k) => k)
    if (!isRising) order.sort((a, b) => (targets[a] as number) - (targets[b] as number) || a - b)
    for (const k of order) add(source, targets[k] as number, places[k] as number)
    targets = []
    places = []
  }
  draws.visit((from, target, place) => {
    if (from !== source) {
      if (targets.length === 1) {
        add(source, targets[0] as number, places[0] as number)
        targets.length = places.length = 0
      } else tell()
      source = from
    }
    targets.push(target)
    places.push(place)
  })
  tell()
}

/**
 * The number of every row's first record, and of all records.
 *
 * @param visit tells the source of every synapse
 */
export function rowStarts(sourceSize: number, visit: (add: (source: number) => void) => void): Uint32Array {
  const counts = new Uint32Array(sourceSize + 1)
  visit((source) => {
    counts[source] = (counts[source] as number) + 1
  })
  let synapses = 0
  for (let source = 0; source <= sourceSize; source++) {
    const count = counts[source] as number
    counts[source] = synapses
    synapses += count
  }
  return counts
}

/** By delay; equal ones stay as they stand. */
function sortRows(memory: KernelMemory, { rows, records, stride, delayAt }: SourceRows, sourceSize: number): void {
  const { u32, f32 } = memory
  const width = stride / 4
  for (let row = 0; row < sourceSize; row++) {
    const from = records / 4 + width * (u32[rows / 4 + row] as number)
    const to = records / 4 + width * (u32[rows / 4 + row + 1] as number)
    const delayOf = (k: number) => f32[from + width * k + delayAt / 4] as number
    sortRecords(u32.subarray(from, to), width, (a, b) => delayOf(a) - delayOf(b) || a - b)
  }
}

/** The delay of the record at an address. */
function delayIn({ f32, f64 }: RowViews, { delayAt, isDouble }: SourceRows, record: number): number {
  return (isDouble ? f64[(record + delayAt) / 8] : f32[(record + delayAt) / 4]) as number
}

/** Addresses of the first record of a unit and of the end of its row. */
function rowOf({ u32 }: RowViews, { rows, records, stride }: SourceRows, unit: number) {
  return {
    start: records + stride * (u32[rows / 4 + unit] as number),
    end: records + stride * (u32[rows / 4 + unit + 1] as number),
  }
}

/** How many synapses a unit has. */
export function recordsOf(views: RowViews, rows: SourceRows, unit: number): number {
  const { start, end } = rowOf(views, rows, unit)
  return (end - start) / rows.stride
}

/** The smallest own delay of a unit's synapses; 0 where delays are shared, Infinity where it has none. */
export function leastDelayOfUnit(views: RowViews, rows: SourceRows, unit: number): number {
  const { start, end } = rowOf(views, rows, unit)
  if (start === end) return Number.POSITIVE_INFINITY
  return rows.delayAt === 0 ? 0 : delayIn(views, rows, start)
}

/** The largest delay of a unit's synapses where these have their own; 0 where delays are shared or it has none. */
function mostDelayOfUnit(views: RowViews, rows: SourceRows, unit: number): number {
  const { start, end } = rowOf(views, rows, unit)
  return rows.delayAt === 0 || start === end ? 0 : delayIn(views, rows, end - rows.stride)
}

/** The same of some units; Infinity where they have no synapses. */
export function leastDelayOf(views: RowViews, rows: SourceRows, units: Slice): number {
  let least = Number.POSITIVE_INFINITY
  for (let unit = units.start; unit < units.end; unit++) least = Math.min(least, leastDelayOfUnit(views, rows, unit))
  return least
}

/** The largest of some units. */
export function mostDelayOf(views: RowViews, rows: SourceRows, units: Slice): number {
  let most = 0
  for (let unit = units.start; unit < units.end; unit++) most = Math.max(most, mostDelayOfUnit(views, rows, unit))
  return most
}

/** Address of the first record of a unit that arrives at `start` or later if its spike was at `time`; of the row's end if none. */
export function recordFrom(
  views: RowViews,
  rows: SourceRows,
  unit: number,
  { time, start }: { readonly time: number; readonly start: number },
): number {
  const { start: first, end } = rowOf(views, rows, unit)
  let at = first
  while (at < end && time + delayIn(views, rows, at) < start) at += rows.stride
  return at
}

/** How many records of a unit arrive before `end` if its spike was at `time`, where they have delays of their own. */
function recordsBefore(views: RowViews, rows: SourceRows, unit: number, time: number, end: number): number {
  const { start, end: stop } = rowOf(views, rows, unit)
  let at = stop
  while (at > start && !(time + delayIn(views, rows, at - rows.stride) < end)) at -= rows.stride
  return (at - start) / rows.stride
}

/** Records that are put in order one by one sooner than by a list of their places. */
const FEW = 24

/**
 * Sorts records in place, if need be.
 *
 * @param words what the records lie in, and nothing else
 * @param width 32-bit places of a record
 * @param compare how the records that now stand at two places are to stand, as for arrays; 0 for none but the same
 */
export function sortRecords(words: Uint32Array, width: number, compare: (a: number, b: number) => number): void {
  const count = words.length / width
  let sorted = 1
  while (sorted < count && compare(sorted - 1, sorted) < 0) sorted++
  if (sorted >= count) return
  if (count <= FEW) {
    for (let next = sorted; next < count; next++)
      for (let k = next; k > 0 && compare(k - 1, k) > 0; k--) swapWithPrevious(words, width, k)
    return
  }
  const order = Uint32Array.from({ length: count }, (_, k) => k).sort(compare)
  const unsorted = words.slice()
  order.forEach((from, to) => {
    words.set(unsorted.subarray(width * from, width * from + width), width * to)
  })
}

function swapWithPrevious(words: Uint32Array, width: number, k: number): void {
  for (let at = width * k; at < width * (k + 1); at++) {
    const word = words[at] as number
    words[at] = words[at - width] as number
    words[at - width] = word
  }
}

/** A projection whose synapses lie in the memory, and the weight that they share; null: every synapse has its own. */
export interface WindowProjection {
  readonly rows: SourceRows
  readonly weight: number | null
}

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
