import type { ProjectionValues } from '../../network/instance/instance.js'
import type { GridGroup, GridSurroundings } from './grid-group.js'
import type { GridLif } from './grid-lif.js'
import type { ProjectionWishes } from './grid-projection.js'
import type { SpikeRaster } from './spike-raster.js'

/** What a projection on the grid lies between. */
export interface ProjectionEnds {
  readonly values: ProjectionValues
  readonly raster: SpikeRaster
  /** The neurons the spikes come from; null for a group that is given its spikes. */
  readonly source: GridLif | null
  readonly target: GridGroup
  readonly surroundings: GridSurroundings
}

/** What every projection on the grid lies between, and what it was last asked for. */
export class GridSynapses {
  readonly values: ProjectionValues
  inputTimes = new Float64Array(0)
  protected wishes: ProjectionWishes = { weights: false, delays: false, inputTimes: false }
  protected readonly raster: SpikeRaster
  protected readonly source: GridLif | null
  protected readonly target: GridGroup
  protected readonly surroundings: GridSurroundings

  constructor({ values, raster, source, target, surroundings }: ProjectionEnds) {
    this.values = values
    this.raster = raster
    this.source = source
    this.target = target
    this.surroundings = surroundings
  }

  /**
   * Adds, for the spikes of step k, the row of their unit to another one, or with `isBack` the other way round; returns for how
   * many.
   *
   * @param rowFor address of the other row; -1: nothing is added for this spike
   */
  protected addRows(k: number, byUnits: Float32Array, rowFor: (spike: number) => number, isBack = false): number {
    const { units, offsets } = this.raster
    const { memory, traffic } = this.surroundings
    const { bytes } = this.target
    const to = offsets[k + 1] as number
    let count = 0
    for (let spike = offsets[k] as number; spike < to; spike++) {
      const row = rowFor(spike)
      if (row < 0) continue
      const own = byUnits.byteOffset + (units[spike] as number) * bytes
      memory.loops.addRow(isBack ? own : row, isBack ? row : own, bytes)
      count++
    }
    traffic.read('spikes', to - (offsets[k] as number))
    return count
  }

  /** Notes dL/d(time) of the spikes of step k; returns their number. */
  protected noteTimes(k: number, slopeOf: (spike: number, unit: number) => number): number {
    const { units, offsets, count } = this.raster
    if (this.inputTimes.length < count) this.inputTimes = new Float64Array(units.length)
    const [from, to] = [offsets[k] as number, offsets[k + 1] as number]
    for (let spike = from; spike < to; spike++) this.inputTimes[spike] = slopeOf(spike, units[spike] as number)
    return to - from
  }
}
