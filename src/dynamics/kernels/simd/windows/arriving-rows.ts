import { BLOCK } from '../../../../numerics/block-sum.js'
import type { Afferent, Synapses } from '../../../parameters/synapses.js'
import { LANE_COUNT } from '../../wasm/schema/records.js'

/**
 * Numbers of rows of lane groups at which spikes arrive, and of blocks that contain them; each counts once per spike.
 */
export interface ArrivingRows {
  readonly rows: number
  readonly blocks: number
}

/** Where the spikes of the units of a projection arrive. */
interface UnitRows {
  /** Rows and blocks of every unit, one behind the other. */
  readonly table: Uint32Array
  /** Those of each unit, where all have the same; else null. */
  readonly ofEach: ArrivingRows | null
}

const LANE_GROUPS_OF_BLOCK = BLOCK / LANE_COUNT

/**
 * At how many rows of its lane groups a group meets the spikes of each source unit. Rows in which the unit has no synapse
 * do not count where every neuron has arrivals of its own: whether a lane group has such rows depends on how its group is
 * cut.
 */
export class RowsOfUnits {
  private readonly synapses: Synapses
  private readonly laneGroups: number
  /** Per projection, once it was asked for. */
  private readonly known = new Map<number, UnitRows>()

  constructor(synapses: Synapses, laneGroups: number) {
    this.synapses = synapses
    this.laneGroups = laneGroups
  }

  /** Of some spikes that come through a projection. */
  of(projection: number, units: ArrayLike<number>): ArrivingRows {
    const { table, ofEach } = this.known.get(projection) ?? this.rowsOf(projection)
    if (ofEach !== null) return { rows: ofEach.rows * units.length, blocks: ofEach.blocks * units.length }
    let [rows, blocks] = [0, 0]
    for (let k = 0; k < units.length; k++) {
      const at = 2 * (units[k] as number)
      rows += table[at] as number
      blocks += table[at + 1] as number
    }
    return { rows, blocks }
  }

  private rowsOf(projection: number): UnitRows {
    const table = this.synapses.feed === 'shared' ? this.sharedTable(projection) : this.ownTable(projection)
    const [rows = 0, blocks = 0] = table
    const isUniform = table.every((count, at) => count === (at % 2 === 0 ? rows : blocks))
    const known = { table, ofEach: isUniform ? { rows, blocks } : null }
    this.known.set(projection, known)
    return known
  }

  private sharedTable(projection: number): Uint32Array {
    const { sourceSize } = this.synapses.afferents[projection] as Afferent
    const everywhere = [this.laneGroups, Math.ceil(this.laneGroups / LANE_GROUPS_OF_BLOCK)]
    const none = [0, 0]
    return Uint32Array.from({ length: 2 * sourceSize }, (_, at) => {
      return (this.synapses.isHeard(projection, at >> 1) ? everywhere : none)[at & 1] as number
    })
  }

  /** A unit that is joined to a neuron several times has as many rows in its lane group. */
  private ownTable(projection: number): Uint32Array {
    const { synapses, laneGroups } = this
    const { sourceSize } = synapses.afferents[projection] as Afferent
    const { start, list } = synapses.fan(projection)
    const table = new Uint32Array(2 * sourceSize)
    const [joined, most, isMet] = [
      LANE_COUNT * laneGroups,
      laneGroups,
      Math.ceil(laneGroups / LANE_GROUPS_OF_BLOCK),
    ].map((length) => new Uint32Array(length)) as [Uint32Array, Uint32Array, Uint32Array]
    for (let unit = 0; unit < sourceSize; unit++) {
      const fan = list.subarray(start[unit], start[unit + 1])
      for (const synapse of fan) {
        const target = synapses.targets[synapse] as number
        const [laneGroup, block] = [Math.floor(target / LANE_COUNT), Math.floor(target / BLOCK)]
        const count = (joined[target] as number) + 1
        joined[target] = count
        if (count > (most[laneGroup] as number)) {
          most[laneGroup] = count
          table[2 * unit] = (table[2 * unit] as number) + 1
        }
        if (isMet[block] === 0) table[2 * unit + 1] = (table[2 * unit + 1] as number) + 1
        isMet[block] = 1
      }
      for (const synapse of fan) {
        const target = synapses.targets[synapse] as number
        joined[target] = 0
        most[Math.floor(target / LANE_COUNT)] = 0
        isMet[Math.floor(target / BLOCK)] = 0
      }
    }
    return table
  }
}
