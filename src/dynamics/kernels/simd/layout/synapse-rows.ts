import type { LifValues, LiValues, ProjectionValues } from '../../../../network/instance/instance.js'
import { hasTwoCurrents } from '../../../parameters/group-traits.js'
import type { Afferent, ArrivalSharing, Synapses } from '../../../parameters/synapses.js'
import { tauShapesOf } from '../../../parameters/tau-values.js'
import { LANE_COUNT } from '../../wasm/schema/records.js'

/** Bytes of a row: one double per lane. */
export const ROW = 8 * LANE_COUNT

/** Synapses that lie in rows of their own lane group: their indices among those of their projection, ascending. */
interface ListedSynapses {
  readonly synapses: Uint32Array
  /** The row of each. */
  readonly rows: Uint32Array
}

/**
 * Which row of its lane group each synapse lies in, and which rows belong to a source unit there.
 *
 * A unit of a dense projection has one row, the same in all lane groups; these rows come first. Of lists and rules, and of
 * dense projections most pairs of which have no synapse where each neuron meets what arrives at itself alone, a lane group
 * has rows of those units alone that are joined to one of its neurons: as many as a unit has synapses with one neuron at
 * most. The k-th of them has every k-th synapse of a pair. So a neuron finds the same in its lane, in the same order,
 * however its group is cut into slices; which rows these are may differ.
 */
export interface SynapseRows {
  /** As many as some lane group has. */
  readonly rows: number
  /** Source units of all projections, with a synapse or without, and the first one of each projection. */
  readonly units: number
  readonly firstUnit: readonly number[]
  /** Per projection: its first row; -1 where its synapses are `listed`. */
  readonly firstRow: readonly number[]
  /** Per projection; null where it has a row for every unit in all lane groups. */
  readonly listed: readonly (ListedSynapses | null)[]
  /** [laneGroup][unit]: its first row, and behind its last one; null where unit k has row k alone. */
  readonly ofUnits: Uint32Array | null
  /** Of one unit, at least 1. */
  readonly mostCopies: number
}

/** Where all synapses lie, in lane groups of neurons. */
export function synapseRows(synapses: Synapses, laneGroups: number): SynapseRows {
  const { afferents } = synapses
  const firstUnit: number[] = []
  const firstRow: number[] = []
  let [units, dense] = [0, 0]
  const present = afferents.map((afferent, p) => {
    const listed = presentOf(synapses, p)
    firstUnit.push(units)
    firstRow.push(listed === null ? dense : -1)
    units += afferent.sourceSize
    if (listed === null) dense += afferent.sourceSize
    return listed
  })
  const plain = { units, firstUnit, firstRow }
  if (dense === units) return { ...plain, rows: units, ofUnits: null, listed: present.map(() => null), mostCopies: 1 }

  const copies = afferents.map((afferent, p) => copiesOf(synapses, afferent, present[p] ?? null))
  const placeOf = (p: number, s: number): number => {
    const at = (afferents[p] as Afferent).base + s
    const laneGroup = Math.floor((synapses.targets[at] as number) / LANE_COUNT)
    return laneGroup * units + (firstUnit[p] as number) + (synapses.sources[at] as number)
  }
  const counts = new Uint32Array(laneGroups * units)
  present.forEach((own, p) => {
    own?.forEach((s, k) => {
      const copy = (copies[p] as Uint32Array)[k] as number
      counts[placeOf(p, s)] = Math.max(counts[placeOf(p, s)] as number, copy + 1)
    })
  })
  const ofUnits = new Uint32Array(2 * laneGroups * units)
  let rows = 0
  for (let laneGroup = 0; laneGroup < laneGroups; laneGroup++) {
    let next = dense
    afferents.forEach(({ sourceSize }, p) => {
      const row = firstRow[p] as number
      for (let unit = 0; unit < sourceSize; unit++) {
        const at = laneGroup * units + (firstUnit[p] as number) + unit
        const first = row >= 0 ? row + unit : next
        const end = row >= 0 ? first + 1 : first + (counts[at] as number)
        ofUnits[2 * at] = first
        ofUnits[2 * at + 1] = end
        if (row < 0) next = end
      }
    })
    rows = Math.max(rows, next)
  }
  const listed = present.map((own, p): ListedSynapses | null => {
    if (own === null) return null
    const rowOf = (s: number, k: number) =>
      (ofUnits[2 * placeOf(p, s)] as number) + ((copies[p] as Uint32Array)[k] as number)
    return { synapses: own, rows: own.map(rowOf) }
  })
  return { ...plain, rows, ofUnits, listed, mostCopies: counts.reduce((most, count) => Math.max(most, count), 1) }
}

/** The synapses that a projection has, unless it is to have rows of all pairs. */
function presentOf({ afferents, absent, feed }: Synapses, p: number): Uint32Array | null {
  const { isDense, count } = afferents[p] as Afferent
  const all = Uint32Array.from({ length: count }, (_, s) => s)
  if (!isDense) return all
  const isAbsent = absent[p]
  if (feed === 'shared' || isAbsent === null || isAbsent === undefined) return null
  const present = all.filter((s) => isAbsent[s] !== 1)
  return 2 * present.length > count ? null : present
}

/** Of some synapses of a projection, how many of those before join the same pair. */
function copiesOf(
  { sources, targets }: Synapses,
  { base, sourceSize }: Afferent,
  some: Uint32Array | null,
): Uint32Array | null {
  if (some === null) return null
  const copy = new Uint32Array(some.length)
  const targetOf = (k: number | undefined) => targets[base + (some[k ?? -1] as number)] as number
  // Neuron by neuron, whatever their order in the list.
  const order = Uint32Array.from(some.keys()).sort((a, b) => targetOf(a) - targetOf(b) || a - b)
  const met = new Uint32Array(sourceSize)
  let first = 0
  order.forEach((k, place) => {
    const unit = sources[base + (some[k] as number)] as number
    copy[k] = met[unit] as number
    met[unit] = (met[unit] as number) + 1
    if (place + 1 < order.length && targetOf(order[place + 1]) === targetOf(k)) return
    for (; first <= place; first++) met[sources[base + (some[order[first] as number] as number)] as number] = 0
  })
  return copy
}

/** What neurons make of pairs without a synapse, where nothing but what is held decides. */
export function arrivalSharingOf(
  values: LifValues | LiValues,
  projections: readonly ProjectionValues[],
): ArrivalSharing {
  const shapes = tauShapesOf(values)
  const hasTausPerNeuron = shapes.some(({ field, isCommon }) => !isCommon && field !== 'tauAdapt')
  if (hasTwoCurrents(values) && hasTausPerNeuron) return 'own'
  const isOwn = projections.some(({ layout, delayShape }) => layout === 'synapses' || delayShape === 'perSynapse')
  return isOwn ? 'own' : 'shared'
}
