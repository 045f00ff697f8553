import type { ProjectionValues } from '../../network/instance.js'
import type { TrafficCounter } from '../memory-traffic.js'
import type { GridGroup } from './grid-group.js'
import type { GridLif } from './grid-lif.js'
import type { GridProjection, ProjectionNumbers, ProjectionWishes } from './grid-projection.js'
import { addRow, addToRow, addWeightedRows, ROWS_AT_ONCE } from './loops.js'
import type { SpikeRaster } from './spike-raster.js'

/**
 * A synapse without delay from every source to every target: a spike adds one row of weights to the currents.
 *
 * The products are sparse in the spikes, forward and for dL/dw. dL/ds of the sources is dense: a surrogate derivative
 * asks at every step and for every neuron what a spike would have done.
 */
export class DenseProjection implements GridProjection {
  readonly values: ProjectionValues
  inputTimes = new Float64Array(0)
  /** [source][target] */
  private readonly rows: Float32Array
  private readonly rowGradients: Float32Array
  /** [target][source]; empty if the sources are not neurons. */
  private readonly columns: Float32Array
  private wishes: ProjectionWishes = { weights: false, delays: false, inputTimes: false }

  /** @param source the neurons the spikes come from; null for a group that is given its spikes */
  constructor(
    values: ProjectionValues,
    private readonly raster: () => SpikeRaster,
    private readonly source: GridLif | null,
    private readonly target: GridGroup,
    private readonly traffic: TrafficCounter,
  ) {
    this.values = values
    const count = values.weights.length
    this.rows = new Float32Array(count)
    this.rowGradients = new Float32Array(count)
    this.columns = new Float32Array(source === null ? 0 : count)
  }

  begin({ weights }: ProjectionNumbers, wishes: ProjectionWishes): void {
    transpose(weights, this.rows, this.values.targetSize, this.values.sourceSize)
    if (this.source !== null) this.columns.set(weights)
    this.wishes = wishes
    this.rowGradients.fill(0)
  }

  deliver(k: number): void {
    const { units, offsets } = this.raster()
    const { current, size } = this.target
    const [from, to] = [offsets[k] as number, offsets[k + 1] as number]
    for (let spike = from; spike < to; spike++) addRow(current, this.rows, (units[spike] as number) * size)
    this.traffic.read('spikes', to - from)
    this.traffic.read('weights', (to - from) * size)
    this.traffic.read('state', (to - from) * size)
    this.traffic.write('state', (to - from) * size)
  }

  retreat(k: number): void {
    if (this.wishes.inputTimes) this.timeSpikes(k)
    if (this.target.isIdle) return
    const { adjointCurrent, size } = this.target
    if (this.wishes.weights) {
      const { units, offsets } = this.raster()
      const [from, to] = [offsets[k] as number, offsets[k + 1] as number]
      for (let spike = from; spike < to; spike++)
        addToRow(this.rowGradients, (units[spike] as number) * size, adjointCurrent)
      this.traffic.read('spikes', to - from)
      this.traffic.read('state', (to - from) * size)
      this.traffic.read('gradients', (to - from) * size)
      this.traffic.write('gradients', (to - from) * size)
    }
    if (this.source === null || k === 0) return
    const { adjointSpike } = this.source
    addWeightedRows(adjointSpike, this.columns, adjointCurrent)
    const sweeps = Math.floor(size / ROWS_AT_ONCE) + (size % ROWS_AT_ONCE)
    this.traffic.read('weights', this.columns.length)
    this.traffic.read('state', size + sweeps * adjointSpike.length)
    this.traffic.write('state', sweeps * adjointSpike.length)
  }

  /** dL/d(time of spike) = sum over targets of w (gI / tauSyn - gV / tauMem), see `ListedProjection`. */
  private timeSpikes(k: number): void {
    const { units, offsets } = this.raster()
    const { adjointCurrent, adjointVoltage, size } = this.target
    const { currentRate, membraneRate } = this.target.factors
    if (this.inputTimes.length < units.length) this.inputTimes = new Float64Array(units.length)
    const to = offsets[k + 1] as number
    for (let spike = offsets[k] as number; spike < to; spike++) {
      const row = (units[spike] as number) * size
      let sum = 0
      for (let n = 0; n < size; n++) {
        const later =
          (adjointCurrent[n] as number) * (currentRate[n] as number) -
          (adjointVoltage[n] as number) * (membraneRate[n] as number)
        sum += (this.rows[row + n] as number) * later
      }
      this.inputTimes[spike] = sum
    }
    this.traffic.read('spikes', to - (offsets[k] as number))
    this.traffic.read('weights', (to - (offsets[k] as number)) * size)
    this.traffic.read('state', 2 * (to - (offsets[k] as number)) * size)
  }

  gradients(): ProjectionNumbers {
    const { sourceSize, targetSize, absent } = this.values
    const weights = new Float64Array(this.rowGradients.length)
    transpose(this.rowGradients, weights, sourceSize, targetSize)
    absent?.forEach((isAbsent, s) => {
      if (isAbsent !== 0) weights[s] = 0
    })
    return { weights, delays: new Float64Array(0) }
  }
}

type Numbers = Float32Array | Float64Array

/** Squares of a matrix that are read row by row and written column by column while they are at hand. */
const TILE = 16

/** from[row][column] to to[column][row]. */
function transpose(from: Numbers, to: Numbers, rows: number, columns: number): void {
  for (let top = 0; top < rows; top += TILE) {
    const bottom = Math.min(rows, top + TILE)
    for (let left = 0; left < columns; left += TILE) {
      const right = Math.min(columns, left + TILE)
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++)
          to[column * rows + row] = from[row * columns + column] as number
    }
  }
}
