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
    const events = lanes * this.addRows(k, this.matrix.rows, this.rowIn(inflow))
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
      const events = target.lanes * this.addRows(k, this.matrix.gradients, this.rowIn(target.currentRows), true)
      traffic.read('tape', events)
      traffic.update('gradients', events)
    }
    if (source !== null) this.askForSpikes(source, k)
  }

  /** The row, among those by steps, of the step at which a spike arrives. */
  private rowIn(bySteps: Float32Array): (spike: number) => number {
    const { positions, lates } = this.way
    return (spike) => {
      const step = this.arrivalOf(positions[spike] as number, lates[spike] as number)
      return step < 0 ? -1 : bySteps.byteOffset + step * this.target.bytes
    }
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
    const { way, matrix } = this
    const { delayed, stride, size, lanes } = this.target
    const { traffic } = this.surroundings
    const count = this.noteTimes(k, (spike, unit) => {
      const step = this.arrivalOf(way.positions[spike] as number, way.lates[spike] as number)
      if (step < 0 || way.isHeld(spike)) return 0
      let sum = 0
      for (let n = 0; n < size; n++)
        sum += (matrix.rows[unit * lanes + n] as number) * (delayed[n * stride + step] as number)
      return sum
    })
    traffic.read('weights', count * size)
    traffic.read('tape', count * size)
  }

  gradients(): ProjectionNumbers {
    return { weights: this.matrix.weightGradients(), delays: new Float64Array(0) }
  }
}
