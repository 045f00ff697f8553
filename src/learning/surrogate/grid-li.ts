import type { LiValues } from '../../network/instance.js'
import type { TrafficCounter } from '../memory-traffic.js'
import { GridGroup, type GridRun } from './grid-group.js'

/** Leaky integrators on the grid; their voltage is kept at every point, for the loss to look at. */
export class GridLi extends GridGroup<LiValues> {
  readonly kind = 'li'
  /** V at [step · size + unit]. */
  trace = new Float32Array(0)

  constructor(values: LiValues, traffic: TrafficCounter) {
    super(values, traffic)
  }

  override begin(run: GridRun, bias: Float64Array): void {
    super.begin(run, bias)
    this.trace = this.roomFor(this.trace)
  }

  override beginTrial(): void {
    super.beginTrial()
    this.trace.fill(0, 0, this.size)
  }

  advance(k: number): void {
    const { size, voltage, current, drive, trace } = this
    const { membrane, kappa, current: decay } = this.factors
    const row = k * size
    for (let n = 0; n < size; n++) {
      const i = current[n] as number
      const v = (membrane[n] as number) * (voltage[n] as number) + (kappa[n] as number) * i + (drive[n] as number)
      current[n] = (decay[n] as number) * i
      voltage[n] = v
      trace[row + n] = v
    }
    this.traffic.read('state', 2 * size)
    this.traffic.write('state', 2 * size)
    this.traffic.write('tape', size)
  }

  retreat(k: number): void {
    const { size, adjointVoltage, adjointCurrent, explicit, biasGradient } = this
    const { membrane, kappa, current: decay, gain } = this.factors
    if (explicit.length === 0) return
    const row = k * size
    for (let n = 0; n < size; n++) {
      const g = (adjointVoltage[n] as number) + (explicit[row + n] as number)
      biasGradient[n] = (biasGradient[n] as number) + (gain[n] as number) * g
      adjointCurrent[n] = (kappa[n] as number) * g + (decay[n] as number) * (adjointCurrent[n] as number)
      adjointVoltage[n] = (membrane[n] as number) * g
    }
    this.traffic.read('state', 3 * size)
    this.traffic.write('state', 2 * size)
    this.traffic.read('gradients', size)
    this.traffic.write('gradients', size)
  }
}
