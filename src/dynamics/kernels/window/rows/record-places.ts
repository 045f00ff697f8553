import type { ProjectionValues, SynapseDraws } from '../../../../network/instance/instance.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { PLACED_RECORD } from '../../wasm/schema/window-records.js'
import { rowStarts, type SourceRows, sortRecords, visitByTarget } from './source-rows.js'

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

/** Sorts `count` records from an address on by delay, equal ones by place. */
function sortPlaced({ f64, u32 }: KernelMemory, at: number, count: number): void {
  const { size } = PLACED_RECORD
  const delayOf = (k: number) => f64[(at + size * k + DELAY) / 8] as number
  const placeOf = (k: number) => u32[(at + size * k + PLACE) / 4] as number
  const words = u32.subarray(at / 4, (at + size * count) / 4)
  sortRecords(words, size / 4, (a, b) => delayOf(a) - delayOf(b) || placeOf(a) - placeOf(b))
}

/** How many records some rows have. */
export function recordCount({ u32 }: Pick<KernelMemory, 'u32'>, { rows, sources }: SourceRows): number {
  return u32[rows / 4 + sources] as number
}

/** Number of the synapse, in the list of its projection's, that each record of some rows is. */
export function synapseOfRecord(memory: KernelMemory, projection: ProjectionValues, rows: SourceRows): Uint32Array {
  const { draws, targetSize } = projection
  if (rows.isDouble || draws === undefined) return placesIn(memory, rows)
  return drawnPlaces(draws, rows, targetSize, recordCount(memory, rows))
}

/** As the records have it themselves. */
function placesIn(memory: KernelMemory, rows: SourceRows): Uint32Array {
  const { u32 } = memory
  const at = (rows.records + PLACED_RECORD.at.place) / 4
  const width = rows.stride / 4
  const places = new Uint32Array(recordCount(memory, rows))
  for (let record = 0; record < places.length; record++) places[record] = u32[at + width * record] as number
  return places
}

/** As they were drawn, and brought into the order of delays. */
function drawnPlaces(draws: SynapseDraws, rows: SourceRows, targetSize: number, count: number): Uint32Array {
  const { sources, delayAt } = rows
  const { delaysPerSynapse } = draws
  const [from, to] = [new Uint32Array(count), new Uint32Array(count)]
  const delays = delayAt === 0 ? null : new Float32Array(count)
  let visited = 0
  visitByTarget(draws, (source, target, place) => {
    if (delays !== null)
      delays[visited] = typeof delaysPerSynapse === 'function' ? delaysPerSynapse(place) : (delaysPerSynapse ?? 0)
    from[visited] = source
    to[visited++] = target
  })
  const places = new Uint32Array(count)
  stableOrder(to, targetSize).forEach((visit, synapse) => {
    places[visit] = synapse
  })
  const bySource = stableOrder(from, sources)
  if (delays !== null) sortRows(bySource, from, delays)
  return bySource.map((visit) => places[visit] as number)
}

/** The numbers of the keys in their order, those of equal ones as they stand. */
function stableOrder(keys: Uint32Array, count: number): Uint32Array {
  const next = new Uint32Array(count + 1)
  for (const key of keys) next[key + 1] = (next[key + 1] as number) + 1
  for (let key = 0; key < count; key++) next[key + 1] = (next[key + 1] as number) + (next[key] as number)
  const order = new Uint32Array(keys.length)
  keys.forEach((key, k) => {
    order[next[key] as number] = k
    next[key] = (next[key] as number) + 1
  })
  return order
}

/** Brings the parts of an order that have one key into the order of delays. */
function sortRows(order: Uint32Array, keys: Uint32Array, delays: Float32Array): void {
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && keys[order[to] as number] === keys[order[from] as number]) to++
    order.subarray(from, to).sort((a, b) => (delays[a] as number) - (delays[b] as number) || a - b)
  }
}
