import type { ProjectionValues, SynapseDraws } from '../../../../network/instance/instance.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import { PLACED_RECORD } from '../../wasm/schema/window-records.js'
import { type SourceRows, visitByTarget } from './source-rows.js'

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
  const { ownDelays } = draws
  const [from, to] = [new Uint32Array(count), new Uint32Array(count)]
  const delays = delayAt === 0 ? null : new Float32Array(count)
  let visited = 0
  visitByTarget(draws, (source, target, place) => {
    if (delays !== null) delays[visited] = typeof ownDelays === 'function' ? ownDelays(place) : (ownDelays ?? 0)
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
