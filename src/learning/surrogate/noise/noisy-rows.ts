import type { ProjectionValues } from '../../../network/instance/instance.js'
import type { GridLif } from '../grid-lif.js'
import type { GridProjection, ProjectionNumbers, ProjectionWishes } from '../grid-projection.js'
import { GridSynapses, type ProjectionEnds } from '../grid-synapses.js'
import { gridBytes, lanesFor } from '../loops/grid-memory.js'
import { WeightRows } from '../weight-rows.js'
import type { GridWay } from './grid-way.js'

/** Bytes of memory that a projection takes. */
export function noisyRowsBytes({ sourceSize, targetSize }: ProjectionValues): number {
  return 2 * gridBytes(sourceSize * lanesFor(targetSize))
}

/**
 * A synapse without delay from every source to every target, where spikes meet with noise: each adds one row of weights to
 * what arrives at some step, and looks back at that step.
 */
export class NoisyRows extends GridSynapses implements GridProjection {
  private readonly matrix: WeightRows
  private met: GridWay | null = null

  constructor(ends: ProjectionEnds) {
    super(ends)
    const { values, target, surroundings } = ends
    this.matrix = new WeightRows(values, target.lanes, surroundings.memory)
    target.expectRows()
  }

  begin({ weights }: ProjectionNumbers, wishes: ProjectionWishes, way: GridWay | null): void {
    this.matrix.begin(weights)
    this.wishes = wishes
    this.met = way
  }

  /** Known from the beginning of a mini-batch on. */
  private get way(): GridWay {
    return this.met as GridWay
  }

  deliver(k: number): void {
    const { inflow, lanes } = this.target
    const { traffic } = this.surroundings
    this.way.leave(k)
    const events = lanes * this.addRows(k, inflow, this.matrix.rows, true)
    traffic.read('weights', events)
    traffic.update('state', events)
  }

  beginBackward(): void {
    if (this.source !== null) this.way.beginBackward()
  }

  backward(k: number): void {
    const { target, wishes, source } = this
    if (wishes.inputTimes) this.timeSpikes(k)
    if (wishes.weights) {
      const { traffic } = this.surroundings
      const events = target.lanes * this.addRows(k, target.currentRows, this.matrix.gradients, false)
      traffic.read('tape', events)
      traffic.update('gradients', events)
    }
    if (source !== null) this.askForSpikes(source, k)
  }

  /**
   * Adds, for the spikes of step k, the row of their unit to that of the step at which they arrive, or the other way round;
   * returns for how many.
   */
  private addRows(k: number, bySteps: Float32Array, byUnits: Float32Array, forward: boolean): number {
    const { units, offsets } = this.raster
    const { memory, traffic } = this.surroundings
    const { bytes } = this.target
    const to = offsets[k + 1] as number
    let count = 0
    for (let spike = offsets[k] as number; spike < to; spike++) {
      const step = this.arrivalOf(this.way.positions[spike] as number, this.way.lates[spike] as number)
      if (step < 0) continue
      const [at, of] = [bySteps.byteOffset + step * bytes, byUnits.byteOffset + (units[spike] as number) * bytes]
      if (forward) memory.loops.addRow(at, of, bytes)
      else memory.loops.addRow(of, at, bytes)
      count++
    }
    traffic.read('spikes', to - (offsets[k] as number))
    return count
  }

  /** The step at which something arrives; -1 if it does not. */
  private arrivalOf(position: number, late: number): number {
    const step = Math.floor(position + 0.5 + Math.max(0, late))
    return step < this.surroundings.grid.steps ? step : -1
  }

  /** dL/ds = sum over targets of w gI, where a spike of each neuron would arrive. */
  private askForSpikes({ adjointSpike }: GridLif, k: number): void {
    const { way, matrix } = this
    const { memory, traffic } = this.surroundings
    const { currentRows, bytes, lanes, isUnmoved } = this.target
    way.ask(k)
    if (k === 0 || isUnmoved) return
    for (let unit = 0; unit < this.values.sourceSize; unit++) {
      const step = this.arrivalOf(way.askedPositions[unit] as number, way.askedLates[unit] as number)
      if (step < 0) continue
      const [at, of] = [currentRows.byteOffset + step * bytes, matrix.rows.byteOffset + unit * bytes]
      adjointSpike[unit] = (adjointSpike[unit] as number) + memory.loops.multiplyRows(at, of, bytes)
    }
    traffic.read('weights', lanes * adjointSpike.length)
    traffic.read('tape', lanes * adjointSpike.length)
    traffic.update('state', adjointSpike.length)
  }

  /** dL/d(time of spike) = sum over targets of w (gI / tauSyn - gV / tauMem), see `ListedProjection`. */
  private timeSpikes(k: number): void {
    const { raster, way, matrix } = this
    const { units, offsets } = raster
    const { delayed, stride, size, lanes } = this.target
    const { traffic } = this.surroundings
    if (this.inputTimes.length < raster.count) this.inputTimes = new Float64Array(units.length)
    const to = offsets[k + 1] as number
    for (let spike = offsets[k] as number; spike < to; spike++) {
      const step = this.arrivalOf(way.positions[spike] as number, way.lates[spike] as number)
      const row = (units[spike] as number) * lanes
      let sum = 0
      for (let n = 0; step >= 0 && !way.isHeld(spike) && n < size; n++)
        sum += (matrix.rows[row + n] as number) * (delayed[n * stride + step] as number)
      this.inputTimes[spike] = sum
    }
    traffic.read('weights', (to - (offsets[k] as number)) * size)
    traffic.read('tape', (to - (offsets[k] as number)) * size)
  }

  gradients(): ProjectionNumbers {
    return { weights: this.matrix.weightGradients(), delays: new Float64Array(0) }
  }
}
