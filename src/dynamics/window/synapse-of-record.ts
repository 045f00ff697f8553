import type { SynapseDraws } from '../../network/instance.js'
import type { SourceRows } from './source-rows.js'

/** Number of the synapse, in the list of its projection's, that each record of some rows is. */
export function synapseOfRecord(draws: SynapseDraws, rows: SourceRows, targetSize: number): Uint32Array {
  const { sources, synapses, delayAt } = rows
  const { ownDelays } = draws
  const [from, to] = [new Uint32Array(synapses), new Uint32Array(synapses)]
  const delays = delayAt === 0 ? null : new Float32Array(synapses)
  let visited = 0
  draws.visit((source, target, place) => {
    if (delays !== null) delays[visited] = typeof ownDelays === 'function' ? ownDelays(place) : (ownDelays ?? 0)
    from[visited] = source
    to[visited++] = target
  })
  const byTarget = stableOrder(to, targetSize)
  const places = new Uint32Array(synapses)
  byTarget.forEach((visit, synapse) => {
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
