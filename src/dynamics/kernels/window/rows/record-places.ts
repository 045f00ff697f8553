import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { PLACED_RECORD } from '../../wasm/schema/window-records.js'
import { rowStarts, type SourceRows, sortRecords } from './source-rows.js'

/** The synapses of a projection in the order of its parameters. */
export interface ListedSynapses {
  readonly sources: Uint32Array
  readonly targets: Uint32Array
  readonly sourceSize: number
}

const { target: TARGET, place: PLACE, weight: WEIGHT, delay: DELAY } = PLACED_RECORD.at

/**
 * The synapses of a projection by source unit, as records that know their place among its parameters: the numbers of
 * synapses may then change. Their weights, and delays of their own, are doubles; see `followPlaces`.
 */
export function buildPlacedRows(
  memory: KernelMemory,
  { sources, targets, sourceSize }: ListedSynapses,
  hasDelays: boolean,
): SourceRows {
  const next = rowStarts(sourceSize, (add) => {
    for (const source of sources) add(source)
  })
  const stride = hasDelays ? PLACED_RECORD.size : DELAY
  const rows = memory.copy(next)
  const records = memory.take(stride * sources.length)
  const { u32 } = memory
  sources.forEach((source, synapse) => {
    const at = records + stride * (next[source] as number)
    next[source] = (next[source] as number) + 1
    u32[(at + TARGET) / 4] = targets[synapse] as number
    u32[(at + PLACE) / 4] = synapse
  })
  const delayAt = hasDelays ? DELAY : 0
  return { rows, records, stride, sources: sourceSize, weightAt: WEIGHT, delayAt, isDouble: true }
}

/**
 * Gives the records the weights, and delays, of now; rows with delays of their own follow the order of these, equal ones
 * that of the parameters.
 *
 * @param delays one per synapse; null where they are shared
 */
export function followPlaces(
  memory: KernelMemory,
  { rows, records, stride, sources }: SourceRows,
  weights: Float64Array,
  delays: Float64Array | null,
): void {
  const { f64, u32 } = memory
  const end = records + stride * (u32[rows / 4 + sources] as number)
  for (let at = records; at < end; at += stride) {
    const place = u32[(at + PLACE) / 4] as number
    f64[(at + WEIGHT) / 8] = weights[place] as number
    if (delays !== null) f64[(at + DELAY) / 8] = delays[place] as number
  }
  if (delays === null) return
  for (let row = 0; row < sources; row++) {
    const [from, to] = [u32[rows / 4 + row] as number, u32[rows / 4 + row + 1] as number]
    sortPlaced(memory, records + stride * from, to - from)
  }
}

/** Sorts so many records from an address on by delay, equal ones by place. */
function sortPlaced({ f64, u32 }: KernelMemory, at: number, count: number): void {
  const { size } = PLACED_RECORD
  const delayOf = (k: number) => f64[(at + size * k + DELAY) / 8] as number
  const placeOf = (k: number) => u32[(at + size * k + PLACE) / 4] as number
  const words = u32.subarray(at / 4, (at + size * count) / 4)
  sortRecords(words, size / 4, (a, b) => delayOf(a) - delayOf(b) || placeOf(a) - placeOf(b))
}
