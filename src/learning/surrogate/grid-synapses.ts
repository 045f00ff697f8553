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
}
