import type { Maxima } from '../maxima.js'
import type { GridLi } from './grid-li.js'
import type { TimeGrid } from './time-grid.js'

/** Collects the largest voltages of a readout over the points of the grid, trial after trial. */
export class MaximaRecorder {
  readonly maxima: Maxima
  /** The point of the maximum at [trial · size + unit]. */
  readonly steps: Int32Array
  private trials = 0
  readonly readout: GridLi
  private readonly dt: number

  constructor(readout: GridLi, count: number, { dt }: Pick<TimeGrid, 'dt'>) {
    this.readout = readout
    this.dt = dt
    const room = count * readout.size
    this.maxima = { values: new Float64Array(room), times: new Float64Array(room) }
    this.steps = new Int32Array(room)
  }

  /** The next trial. */
  add(): void {
    const row = this.trials++ * this.readout.size
    this.readout.peaks().forEach(({ step, value }, unit) => {
      this.maxima.values[row + unit] = value
      this.maxima.times[row + unit] = step * this.dt
      this.steps[row + unit] = step
    })
  }
}
