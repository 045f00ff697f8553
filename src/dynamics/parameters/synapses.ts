import type { SpikeTrains } from '../../events/spike-trains.js'
import { delayOfSynapse } from '../../network/graph/delay-of-synapse.js'
import type { DelayShape, ProjectionValues } from '../../network/instance/instance.js'
import type { Slice } from '../../network/slices/blocks.js'

/** One projection's place among all synapses into a group. */
export interface Afferent {
  /** Its place in the network's list. */
  readonly order: number
  readonly key: string
  readonly source: string
  readonly sourceSize: number
  /** The source is a group of sources, not of neurons. */
  readonly fromSource: boolean
  /** The synapse of unit u with neuron n has the index n · sourceSize + u; else there is a list. */
  readonly isDense: boolean
  /** First synapse index and their number. */
  readonly base: number
  readonly count: number
  readonly delayShape: DelayShape
  /** First index into `Synapses.delays` and their number. */
  readonly delayBase: number
  readonly delayCount: number
}

/** Delays of a projection's synapses, in ms. */
export interface Reach {
  /** The longest of all. */
  most(projection: number): number
  /** The longest of one unit's; below 0 where it has no synapse here. */
  ofUnit(projection: number, unit: number): number
}

/** 'shared': all neurons of a group meet the same arrivals; 'own': each has arrivals of its own. */
export type ArrivalSharing = 'shared' | 'own'

/** The shortest and the longest delay in ms of some synapses; Infinity and 0 when there are none. */
export interface DelayRange {
  readonly least: number
  readonly most: number
}

/** The longest delay of each unit's synapses in ms, -Infinity where it has none, and of all. */
interface ProjectionReach {
  readonly ofUnits: Float64Array
  readonly most: number
}

/**
 * All synapses into one group, or a slice of it, the projections one after the other in file order.
 *
 * Synapse s joins unit `sources[s]` of its projection's source to neuron `targets[s]`. `fanOut` lists, per source unit,
 * its synapses by ascending delay, so that the arrivals of one spike leave in order.
 *
 * Where the feed is shared, a dense pair without a synapse counts as one of weight 0: what arrives at a slice must not
 * depend on how its group is cut. So a unit is heard by all neurons if the description joins it to any of the group, and
 * by none if it joins it to none.
 */
export class Synapses {
  readonly afferents: readonly Afferent[]
  readonly count: number
  readonly delayCount: number
  readonly sources: Int32Array
  readonly targets: Int32Array
  /** Projection of each synapse. */
  readonly projection: Int32Array
  /** Index of a synapse's own delay among the delays; -1 where the delay is shared or none. */
  readonly ownDelay: Int32Array
  /** Per projection: 1 where a dense pair has no synapse; null where every one has. */
  readonly absent: readonly (Uint8Array | null)[]
  readonly feed: ArrivalSharing
  /** Per projection, see `ProjectionValues`. */
  private readonly joined: readonly (Uint8Array | null)[]
  private readonly fanStart: readonly Int32Array[]
  private readonly fanOut: readonly Int32Array[]

  constructor(projections: readonly ProjectionValues[], feed: ArrivalSharing = 'own') {
    const afferents: Afferent[] = []
    let base = 0
    let delayBase = 0
    for (const { order, key, source, sourceSize, fromSource, layout, delayShape, delays, weights } of projections) {
      const [count, delayCount] = [weights.length, delays.length]
      const origin = { order, key, source, sourceSize, fromSource, isDense: layout === 'dense' }
      afferents.push({ ...origin, base, count, delayShape, delayBase, delayCount })
      base += count
      delayBase += delayCount
    }
    this.afferents = afferents
    this.feed = feed
    this.joined = projections.map(({ joined }) => joined)
    this.absent = projections.map(({ absent }) => absent)
    this.count = base
    this.delayCount = delayBase
    this.sources = new Int32Array(base)
    this.targets = new Int32Array(base)
    this.projection = new Int32Array(base)
    this.ownDelay = new Int32Array(base).fill(-1)
    afferents.forEach((afferent, p) => {
      const values = projections[p] as ProjectionValues
      this.sources.set(values.sources, afferent.base)
      this.targets.set(values.targets, afferent.base)
      this.projection.fill(p, afferent.base, afferent.base + afferent.count)
      if (afferent.delayShape === 'perSynapse')
        for (let s = 0; s < afferent.count; s++) this.ownDelay[afferent.base + s] = afferent.delayBase + s
    })
    this.fanStart = afferents.map((afferent, p) => this.countFanOut(afferent, this.absent[p] ?? null))
    this.fanOut = afferents.map((afferent, p) =>
      this.listFanOut(afferent, this.fanStart[p] as Int32Array, this.absent[p] ?? null),
    )
  }

  private countFanOut({ base, count, sourceSize }: Afferent, absent: Uint8Array | null): Int32Array {
    const start = new Int32Array(sourceSize + 1)
    for (let s = 0; s < count; s++)
      if (absent?.[s] !== 1)
        start[(this.sources[base + s] as number) + 1] = (start[(this.sources[base + s] as number) + 1] as number) + 1
    for (let u = 0; u < sourceSize; u++) start[u + 1] = (start[u + 1] as number) + (start[u] as number)
    return start
  }

  private listFanOut({ base, count, sourceSize }: Afferent, start: Int32Array, absent: Uint8Array | null): Int32Array {
    const list = new Int32Array(start[sourceSize] as number)
    const next = start.slice()
    for (let s = 0; s < count; s++) {
      if (absent?.[s] === 1) continue
      const u = this.sources[base + s] as number
      const at = next[u] as number
      list[at] = base + s
      next[u] = at + 1
    }
    return list
  }

  /** The synapses of one source unit of projection p: `list[start … end - 1]`. */
  fan(p: number): { readonly start: Int32Array; readonly list: Int32Array } {
    return { start: this.fanStart[p] as Int32Array, list: this.fanOut[p] as Int32Array }
  }

  /** How many synapses a source unit of projection p has here. */
  fanCount(p: number, unit: number): number {
    const { start } = this.fan(p)
    return (start[unit + 1] as number) - (start[unit] as number)
  }

  /** Whether the description leaves out some pair of a dense projection: of a neuron that is held here or not. */
  get lacksPairs(): boolean {
    return this.joined.some((joined) => joined !== null)
  }

  /** Whether spikes of a unit through projection p concern the neurons here. */
  isHeard(p: number, unit: number): boolean {
    if (this.feed === 'shared') return this.joined[p]?.[unit] !== 0
    return this.fanCount(p, unit) > 0
  }

  /**
   * When spikes that come through projection p are known, in ms; Infinity for spikes without a receiving neuron here.
   */
  heardTimes(p: number, { times, units }: Pick<SpikeTrains, 'times' | 'units'>): Float64Array {
    const hearsAll = this.feed === 'shared' && this.joined[p] === null
    if (hearsAll || units.every((unit) => this.isHeard(p, unit))) return times
    return times.map((time, k) => (this.isHeard(p, units[k] as number) ? time : Number.POSITIVE_INFINITY))
  }

  /** Brings every fan-out into the order of the current delays; the order of equal delays is that of the synapses. */
  followDelays(delays: Float64Array): void {
    this.afferents.forEach(({ delayShape, sourceSize, base, delayBase }, p) => {
      if (delayShape !== 'perSynapse') return
      const { start, list } = this.fan(p)
      const delayOf = (synapse: number) => delays[delayBase + synapse - base] as number
      for (let u = 0; u < sourceSize; u++)
        list.subarray(start[u], start[u + 1]).sort((a, b) => delayOf(a) - delayOf(b) || a - b)
    })
  }

  /** The current delays of projection p over the units that are heard, of some of its source's. */
  delayRange(p: number, units: Slice, delays: Float64Array): DelayRange {
    const { delayShape, delayBase, base } = this.afferents[p] as Afferent
    const { start, list } = this.fan(p)
    let [least, most] = [Infinity, 0]
    for (let u = units.start; u < units.end; u++) {
      if (!this.isHeard(p, u)) continue
      const from = start[u] as number
      // Shared delays ask for no synapse, and there need be none here.
      const to = delayShape === 'perSynapse' ? (start[u + 1] as number) : from + 1
      for (let at = from; at < to; at++) {
        const delay = delayOfSynapse(delays, delayShape, delayBase, u, (list[at] as number) - base)
        least = Math.min(least, delay)
        most = Math.max(most, delay)
      }
    }
    return { least, most }
  }

  /** How long spikes may be on their way. */
  reachOf(delays: Float64Array): Reach {
    // Only runs in segments ask, and again and again.
    const known = new Map<number, ProjectionReach>()
    const reachOf = (p: number): ProjectionReach => {
      const reach = known.get(p) ?? this.projectionReach(p, delays)
      known.set(p, reach)
      return reach
    }
    return { most: (p) => reachOf(p).most, ofUnit: (p, unit) => reachOf(p).ofUnits[unit] as number }
  }

  private projectionReach(p: number, delays: Float64Array): ProjectionReach {
    const ofUnits = Float64Array.from({ length: (this.afferents[p] as Afferent).sourceSize }, (_, unit) => {
      const { least, most } = this.delayRange(p, { start: unit, end: unit + 1 }, delays)
      return least === Infinity ? -Infinity : most
    })
    return { ofUnits, most: ofUnits.reduce((most, delay) => Math.max(most, delay), 0) }
  }
}
