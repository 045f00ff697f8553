import type { Afferent, Synapses } from '../synapses.js'
import { OCTET } from './schema/records.js'

/** Bytes of a row: one double per lane. */
export const ROW = 8 * OCTET

/**
 * Which row of its octet each synapse lies in, and which rows belong to a source unit there.
 *
 * A unit of a dense projection has one row, the same in all octets; these rows come first. Of lists and rules an octet has
 * rows of those units alone that are joined to one of its neurons: as many as a unit has synapses with one neuron at most.
 * The k-th of them has every k-th synapse of a pair. So a neuron finds the same in its lane, in the same order, however
 * its group is cut into slices; which rows these are may differ.
 */
export interface SynapseRows {
  /** As many as some octet has. */
  readonly rows: number
  /** Source units of all projections, whoever hears them, and the first one of each projection. */
  readonly units: number
  readonly firstUnit: readonly number[]
  /** Per projection: its first row; of lists and rules -1. */
  readonly firstRow: readonly number[]
  /** [octet][unit]: its first row, and behind its last one; null where unit k has row k alone. */
  readonly ofUnits: Uint32Array | null
  /** Of one unit, at least 1. */
  readonly mostCopies: number
  /** Per projection: the row of each synapse; null where it is dense. */
  readonly rowOf: readonly (Uint32Array | null)[]
}

/** Where all synapses lie, in octets of neurons. */
export function synapseRows(synapses: Synapses, octets: number): SynapseRows {
  const { afferents } = synapses
  const firstUnit: number[] = []
  let units = 0
  for (const { sourceSize } of afferents) {
    firstUnit.push(units)
    units += sourceSize
  }
  let dense = 0
  const firstRow = afferents.map(({ isDense, sourceSize }) => {
    if (!isDense) return -1
    dense += sourceSize
    return dense - sourceSize
  })
  const plain = { units, firstUnit, firstRow, mostCopies: 1 }
  if (dense === units) return { ...plain, rows: units, ofUnits: null, rowOf: afferents.map(() => null) }

  const copies = afferents.map((afferent) => (afferent.isDense ? null : copiesOf(synapses, afferent)))
  const counts = countRows(synapses, firstUnit, copies, octets)
  const ofUnits = new Uint32Array(2 * octets * units)
  let rows = 0
  for (let octet = 0; octet < octets; octet++) {
    let listed = dense
    afferents.forEach(({ sourceSize }, p) => {
      for (let unit = 0; unit < sourceSize; unit++) {
        const at = octet * units + (firstUnit[p] as number) + unit
        const isDense = (firstRow[p] as number) >= 0
        const first = isDense ? (firstRow[p] as number) + unit : listed
        const end = first + (isDense ? 1 : (counts[at] as number))
        ofUnits[2 * at] = first
        ofUnits[2 * at + 1] = end
        if (!isDense) listed = end
      }
    })
    rows = Math.max(rows, listed)
  }
  const rowOf = afferents.map(({ base }, p) => {
    return (
      (copies[p] ?? null)?.map((copy, s) => {
        const octet = Math.floor((synapses.targets[base + s] as number) / OCTET)
        const at = octet * units + (firstUnit[p] as number) + (synapses.sources[base + s] as number)
        return (ofUnits[2 * at] as number) + copy
      }) ?? null
    )
  })
  const mostCopies = counts.reduce((most, count) => Math.max(most, count), 1)
  return { ...plain, rows, ofUnits, mostCopies, rowOf }
}

/** [octet][unit]: rows of units of lists and rules. */
function countRows(
  { afferents, sources, targets }: Synapses,
  firstUnit: readonly number[],
  copies: readonly (Uint32Array | null)[],
  octets: number,
): Uint32Array {
  const units = afferents.reduce((sum, { sourceSize }) => sum + sourceSize, 0)
  const counts = new Uint32Array(octets * units)
  afferents.forEach(({ base }, p) => {
    copies[p]?.forEach((copy, s) => {
      const octet = Math.floor((targets[base + s] as number) / OCTET)
      const at = octet * units + (firstUnit[p] as number) + (sources[base + s] as number)
      counts[at] = Math.max(counts[at] as number, copy + 1)
    })
  })
  return counts
}

/** Of each synapse of a projection how many before it join the same pair. */
function copiesOf({ sources, targets }: Synapses, { base, count, sourceSize }: Afferent): Uint32Array {
  const copy = new Uint32Array(count)
  // Neuron by neuron, whatever their order in the list.
  const order = Uint32Array.from(copy, (_, s) => s)
  order.sort((a, b) => (targets[base + a] as number) - (targets[base + b] as number) || a - b)
  const met = new Uint32Array(sourceSize)
  const unitOf = (place: number) => sources[base + (order[place] as number)] as number
  const targetOf = (place: number) => targets[base + (order[place] as number)]
  for (let first = 0, end = 0; first < count; first = end) {
    for (; end < count && targetOf(end) === targetOf(first); end++) {
      copy[order[end] as number] = met[unitOf(end)] as number
      met[unitOf(end)] = (met[unitOf(end)] as number) + 1
    }
    for (let place = first; place < end; place++) met[unitOf(place)] = 0
  }
  return copy
}
