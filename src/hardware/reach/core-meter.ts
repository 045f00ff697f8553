import type { Network } from '../../network/description/network.js'
import type { GroupSlice } from '../../network/slices/group-slice.js'
import { type AxonSet, type AxonShares, createAxonSet } from './axon-set.js'
import type { Incoming, IncomingAxons } from './incoming.js'
import { rowOf } from './rows.js'

/** What slices take up on a core. */
export interface CoreNeed {
  /** Neurons and source units: each needs a place to spike from. */
  readonly neurons: number
  /** Synapses into them. */
  readonly synapses: number
  /** Distinct source units of these. */
  readonly axonsIn: number
}

/** Measures a core that is being filled, slice by slice. */
export interface CoreMeter {
  /** Begins a core with these slices alone. */
  hold(slices: readonly GroupSlice[]): void
  add(slice: GroupSlice): void
  need(): CoreNeed
  /** Which units the core hears. */
  tellAxons(to: (source: string) => AxonShares): void
}

export function createCoreMeter(network: Network, incoming: ReadonlyMap<string, readonly Incoming[]>): CoreMeter {
  const sets = new Map(network.groups.map(({ name, size }) => [name, createAxonSet(size)]))
  const before = new Map(network.groups.map(({ name, size }) => [name, sumsBefore(size, incoming.get(name) ?? [])]))
  const touched = new Set<string>()
  /** By projection: neurons on the core that hear it by chance. */
  const byChance = new Map<Incoming, number>()
  const axonsOf = (source: string) => sets.get(source) as AxonSet
  let [neurons, synapses] = [0, 0]

  function add({ group, start, end }: GroupSlice): void {
    neurons += end - start
    const sums = before.get(group) as Float64Array
    synapses += (sums[end] as number) - (sums[start] as number)
    for (const projection of incoming.get(group) ?? []) {
      const { axons, source } = projection
      touched.add(source)
      if (axons.kind !== 'chance') addAxons(axons, axonsOf(source), start, end)
      else {
        const already = byChance.get(projection) ?? 0
        for (let n = already; n < already + end - start; n++) axonsOf(source).addByChance(axons.quiet(n))
        byChance.set(projection, already + end - start)
      }
    }
  }

  return {
    hold(slices) {
      for (const source of touched) axonsOf(source).reset()
      touched.clear()
      byChance.clear()
      ;[neurons, synapses] = [0, 0]
      for (const slice of slices) add(slice)
    },
    add,
    need() {
      let axonsIn = 0
      for (const source of touched) axonsIn += axonsOf(source).count()
      return { neurons, synapses: Math.round(synapses), axonsIn: Math.round(axonsIn) }
    },
    tellAxons(to) {
      for (const source of touched) axonsOf(source).tell(to(source))
    },
  }
}

/** Entry t holds the synapses into all neurons before t. */
function sumsBefore(size: number, projections: readonly Incoming[]): Float64Array {
  const sums = new Float64Array(size + 1)
  for (const { synapsesOf } of projections)
    for (let t = 0; t < size; t++) sums[t + 1] = (sums[t + 1] as number) + synapsesOf(t)
  for (let t = 0; t < size; t++) sums[t + 1] = (sums[t + 1] as number) + (sums[t] as number)
  return sums
}

function addAxons(axons: Exclude<IncomingAxons, { kind: 'chance' }>, set: AxonSet, start: number, end: number): void {
  switch (axons.kind) {
    case 'dense':
      if (axons.absent === null) set.addAllBut([])
      else for (let t = start; t < end; t++) set.addAllBut(rowOf(axons.absent, t))
      break
    case 'listed':
      // The rows of neurons that follow each other do, too.
      for (let s = axons.rows.offsets[start] as number; s < (axons.rows.offsets[end] as number); s++)
        set.addUnit(axons.rows.units[s] as number)
      break
    case 'oneToOne':
      for (let t = start; t < end; t++) set.addUnit(t)
  }
}
