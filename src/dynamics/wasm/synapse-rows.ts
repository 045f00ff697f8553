import type { Afferent, Synapses } from '../synapses.js'
import { OCTET } from './schema/records.js'

/** Bytes of a row: one double per lane. */
export const ROW = 8 * OCTET

/**
 * Which row of an octet's lanes each synapse lies in: rows are ordered by (projection, source unit, copy).
 *
 * A unit of a dense projection has one row. Of lists and rules it has as many as it has synapses with one neuron here, at
 * most; the k-th of them lies in the k-th of these rows, which are copies. What a neuron finds in its lane, and in which
 * order, is the same in every slice of its group; how many rows there are is not.
 */
export interface SynapseRows {
  readonly rows: number
  /** Source units of all projections, whoever hears them. */
  readonly units: number
  /** Per projection: its first row, and its first unit among those of all. */
  readonly firstRow: readonly number[]
  readonly firstUnit: readonly number[]
  /** First row of each unit, and behind the last one the number of rows; null where unit k has row k alone. */
  readonly starts: Uint32Array | null
  /** Of one unit, at least 1. */
  readonly mostCopies: number
  /** Per projection: the row of each synapse; null where it is dense. */
  readonly rowOf: readonly (Uint32Array | null)[]
}

/** Where all synapses lie. */
export function synapseRows(synapses: Synapses): SynapseRows {
  const copies = synapses.afferents.map((afferent) => (afferent.isDense ? null : copiesOf(synapses, afferent)))
  const [firstRow, firstUnit]: [number[], number[]] = [[], []]
  const starts: number[] = []
  let rows = 0
  let mostCopies = 1
  synapses.afferents.forEach(({ sourceSize }, p) => {
    firstRow.push(rows)
    firstUnit.push(starts.length)
    for (let unit = 0; unit < sourceSize; unit++) {
      const own = copies[p]?.most[unit] ?? 1
      starts.push(rows)
      rows += own
      mostCopies = Math.max(mostCopies, own)
    }
  })
  const units = starts.length
  starts.push(rows)
  const rowOf = synapses.afferents.map(({ base, count }, p) => {
    const own = copies[p]
    if (own === null || own === undefined) return null
    return Uint32Array.from({ length: count }, (_, s) => {
      const unit = (firstUnit[p] as number) + (synapses.sources[base + s] as number)
      return (starts[unit] as number) + (own.copy[s] as number)
    })
  })
  const isPlain = starts.every((row, unit) => row === unit)
  return {
    ...{ rows, units, firstRow, firstUnit, mostCopies, rowOf },
    starts: isPlain ? null : Uint32Array.from(starts),
  }
}

/** Of each synapse how many before it join the same pair; of each unit how many synapses it has with one neuron at most. */
function copiesOf({ sources, targets }: Synapses, { base, count, sourceSize }: Afferent) {
  const copy = new Uint32Array(count)
  const most = new Uint32Array(sourceSize)
  // Neuron by neuron, whatever their order in the list.
  const order = Uint32Array.from(copy, (_, s) => s)
  order.sort((a, b) => (targets[base + a] as number) - (targets[base + b] as number) || a - b)
  const met = new Uint32Array(sourceSize)
  let first = 0
  while (first < count) {
    const target = targets[base + (order[first] as number)]
    let end = first
    for (; end < count && targets[base + (order[end] as number)] === target; end++) {
      const s = order[end] as number
      const unit = sources[base + s] as number
      copy[s] = met[unit] as number
      met[unit] = (met[unit] as number) + 1
      most[unit] = Math.max(most[unit] as number, met[unit] as number)
    }
    for (; first < end; first++) met[sources[base + (order[first] as number)] as number] = 0
  }
  return { copy, most }
}
