import type { ProjectionValues } from '../../network/instance/instance.js'
import type { GridLif } from './grid-lif.js'
import type { GridProjection, ProjectionNumbers, ProjectionWishes } from './grid-projection.js'
import { GridSynapses, type ProjectionEnds } from './grid-synapses.js'
import { gridBytes, LANES, lanesFor } from './loops/grid-memory.js'
import { WeightRows } from './weight-rows.js'

/** Bytes of memory that a projection takes. */
export function denseBytes({ sourceSize, targetSize, fromSource }: ProjectionValues): number {
  const rows = gridBytes(sourceSize * lanesFor(targetSize))
  return 2 * rows + (fromSource ? 0 : gridBytes(lanesFor(targetSize) * lanesFor(sourceSize)))
}

/**
 * A synapse without delay from every source to every target: a spike adds one row of weights to the currents.
 *
 * The products are sparse in the spikes, forward and for dL/dw. dL/ds of the sources is dense: a surrogate derivative
 * asks at every step and for every neuron what a spike would have done.
 */
export class DenseProjection extends GridSynapses implements GridProjection {
  private readonly matrix: WeightRows
  /** [target][source]; empty if the sources are not neurons. */
  private readonly columns: Float32Array

  constructor(ends: ProjectionEnds) {
    super(ends)
    const { values, source, target } = ends
    const { memory } = ends.surroundings
    this.matrix = new WeightRows(values, target.lanes, memory)
    this.columns = memory.floats(source === null ? 0 : target.lanes * source.lanes)
  }

  begin({ weights }: ProjectionNumbers, wishes: ProjectionWishes): void {
    const { sourceSize, targetSize } = this.values
    this.matrix.begin(weights)
    for (let n = 0; this.source !== null && n < targetSize; n++)
      this.columns.set(weights.subarray(n * sourceSize, (n + 1) * sourceSize), n * this.source.lanes)
    this.wishes = wishes
  }

  deliver(k: number): void {
    const { traffic } = this.surroundings
    const { current, lanes } = this.target
    const events = lanes * this.addRows(k, this.matrix.rows, () => current.byteOffset)
    traffic.read('weights', events)
    traffic.update('state', events)
  }

  beginBackward(): void {
    // Nothing is kept from trial to trial.
  }

  backward(k: number): void {
    if (this.wishes.inputTimes) this.timeSpikes(k)
    if (this.target.isIdle) return
    if (this.wishes.weights) this.learn(k)
    if (this.source !== null && k > 0) this.askForSpikes(this.source)
  }

  /** dL/dw of the spikes of step k. */
  private learn(k: number): void {
    const { traffic } = this.surroundings
    const { adjointCurrent, lanes } = this.target
    const events = lanes * this.addRows(k, this.matrix.gradients, () => adjointCurrent.byteOffset, true)
    traffic.read('state', events)
    traffic.update('gradients', events)
  }

  /** dL/ds = sum over targets of w gI, of every source neuron. */
  private askForSpikes({ adjointSpike, bytes }: GridLif): void {
    const { memory, traffic } = this.surroundings
    const { adjointCurrent, lanes } = this.target
    const { byteOffset } = adjointCurrent
    memory.loops.addWeightedRows(adjointSpike.byteOffset, this.columns.byteOffset, byteOffset, lanes, bytes)
    const sweeps = lanes / LANES
    traffic.read('weights', this.columns.length)
    traffic.read('state', lanes + sweeps * adjointSpike.length)
    traffic.write('state', sweeps * adjointSpike.length)
  }

  /** dL/d(time of spike) = sum over targets of w (gI / tauSyn - gV / tauMem), see `ListedProjection`. */
  private timeSpikes(k: number): void {
    const { adjointCurrent, adjointVoltage, size, lanes } = this.target
    const { traffic } = this.surroundings
    const { currentRate, membraneRate } = this.target.factors
    const { rows } = this.matrix
    const count = this.noteTimes(k, (_, unit) => {
      let sum = 0
      for (let n = 0; n < size; n++) {
        const later =
          (adjointCurrent[n] as number) * (currentRate[n] as number) -
          (adjointVoltage[n] as number) * (membraneRate[n] as number)
        sum += (rows[unit * lanes + n] as number) * later
      }
      return sum
    })
    traffic.read('spikes', count)
    traffic.read('weights', count * size)
    traffic.read('state', 2 * count * size)
  }

  gradients(): ProjectionNumbers {
    return { weights: this.matrix.weightGradients(), delays: new Float64Array(0) }
  }
}
