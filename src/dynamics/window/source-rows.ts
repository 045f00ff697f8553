import type { Slice } from '../../network/blocks.js'
import type { SynapseDraws } from '../../network/instance.js'
import type { KernelMemory } from '../wasm/kernel-memory.js'
import { SHORT_RECORD } from '../wasm/schema/window-records.js'
import { sortRow } from './sort-row.js'

/** Units that a 16-bit number can tell apart. */
const SHORT_TARGETS = 65536

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
  readonly synapses: number
  /** Source units, and the most synapses that end in one of the neurons held. */
  readonly sources: number
  readonly mostInDegree: number
  /** Where in a record its weight and delay are; 0 where they are shared. */
  readonly weightAt: number
  readonly delayAt: number
}

/**
 * The delay of every synapse, where each has its own, all of them are the same, and no record could hold it to the last bit;
 * else null.
 */
export function commonDelay({ ownDelays }: SynapseDraws): number | null {
  return typeof ownDelays === 'number' && Math.fround(ownDelays) !== ownDelays ? ownDelays : null
}

/** Draws the synapses twice, once to count them: nothing but the rows takes memory. */
export function buildSourceRows(
  memory: KernelMemory,
  draws: SynapseDraws,
  { sourceSize, targetSize }: { readonly sourceSize: number; readonly targetSize: number },
): SourceRows {
  const { weights } = draws
  const ownDelays = commonDelay(draws) === null ? draws.ownDelays : null
  const weightAt = typeof weights === 'number' ? 0 : 4
  const delayAt = ownDelays === null ? 0 : weightAt + 4
  const isShort = weightAt + delayAt === 0 && targetSize <= SHORT_TARGETS
  const stride = isShort ? SHORT_RECORD : 4 + Math.max(weightAt, delayAt)
  const { next, mostInDegree } = countRows(draws, sourceSize, targetSize)
  const synapses = next[sourceSize] as number
  const rows = memory.copy(next)
  const records = memory.take(stride * synapses)
  const view = new DataView(memory.memory.buffer, records, stride * synapses)
  draws.visit((source, target, place) => {
    const at = stride * (next[source] as number)
    next[source] = (next[source] as number) + 1
    if (isShort) view.setUint16(at, target, true)
    else view.setUint32(at, target, true)
    if (typeof weights !== 'number') view.setFloat32(at + weightAt, weights(place), true)
    if (ownDelays !== null)
      view.setFloat32(at + delayAt, typeof ownDelays === 'number' ? ownDelays : ownDelays(place), true)
  })
  const built = { rows, records, stride, synapses, sources: sourceSize, mostInDegree, weightAt, delayAt }
  if (delayAt > 0) sortRows(memory, built, sourceSize)
  return built
}

/** The number of every row's first record, and of all records; and the largest in-degree. */
function countRows(draws: SynapseDraws, sourceSize: number, targetSize: number) {
  const counts = new Uint32Array(sourceSize + 1)
  const inDegrees = new Uint32Array(targetSize)
  draws.visit((source, target) => {
    counts[source] = (counts[source] as number) + 1
    inDegrees[target] = (inDegrees[target] as number) + 1
  })
  let synapses = 0
  for (let source = 0; source <= sourceSize; source++) {
    const count = counts[source] as number
    counts[source] = synapses
    synapses += count
  }
  return { next: counts, mostInDegree: inDegrees.reduce((most, degree) => Math.max(most, degree), 0) }
}

function sortRows(memory: KernelMemory, { rows, records, stride, delayAt }: SourceRows, sourceSize: number): void {
  const words = new Uint32Array(memory.memory.buffer)
  const numbers = new Float32Array(memory.memory.buffer)
  for (let row = 0; row < sourceSize; row++) {
    const from = records + stride * (words[rows / 4 + row] as number)
    const to = records + stride * (words[rows / 4 + row + 1] as number)
    sortRow(words.subarray(from / 4, to / 4), numbers.subarray(from / 4, to / 4), stride / 4, delayAt / 4)
  }
}

/** The smallest own delay of a unit's synapses; 0 where delays are shared, Infinity where it has none. */
export function leastDelayOfUnit(
  { f32, u32 }: { readonly f32: Float32Array; readonly u32: Uint32Array },
  { rows, records, stride, delayAt }: SourceRows,
  unit: number,
): number {
  const first = u32[rows / 4 + unit] as number
  if (first === u32[rows / 4 + unit + 1]) return Number.POSITIVE_INFINITY
  return delayAt === 0 ? 0 : (f32[(records + stride * first + delayAt) / 4] as number)
}

/** The largest delay of a unit's synapses where these have their own; 0 where delays are shared or it has none. */
function mostDelayOfUnit(
  { f32, u32 }: { readonly f32: Float32Array; readonly u32: Uint32Array },
  { rows, records, stride, delayAt }: SourceRows,
  unit: number,
): number {
  const end = u32[rows / 4 + unit + 1] as number
  if (delayAt === 0 || end === u32[rows / 4 + unit]) return 0
  return f32[(records + stride * (end - 1) + delayAt) / 4] as number
}

/** The same of some units; Infinity where they have no synapses. */
export function leastDelayOf(memory: KernelMemory, rows: SourceRows, units: Slice): number {
  let least = Number.POSITIVE_INFINITY
  for (let unit = units.start; unit < units.end; unit++) least = Math.min(least, leastDelayOfUnit(memory, rows, unit))
  return least
}

/** The largest of some units. */
export function mostDelayOf(memory: KernelMemory, rows: SourceRows, units: Slice): number {
  let most = 0
  for (let unit = units.start; unit < units.end; unit++) most = Math.max(most, mostDelayOfUnit(memory, rows, unit))
  return most
}

/** Address of the first record of a unit that arrives at `start` or later if its spike was at `time`; of the row's end if none. */
export function recordFrom(
  { f32, u32 }: { readonly f32: Float32Array; readonly u32: Uint32Array },
  { rows, records, stride, delayAt }: SourceRows,
  unit: number,
  { time, start }: { readonly time: number; readonly start: number },
): number {
  const stop = records + stride * (u32[rows / 4 + unit + 1] as number)
  let at = records + stride * (u32[rows / 4 + unit] as number)
  while (at < stop && time + (f32[(at + delayAt) / 4] as number) < start) at += stride
  return at
}
