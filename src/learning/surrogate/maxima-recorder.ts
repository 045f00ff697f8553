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
  private readonly grid: TimeGrid

  constructor(readout: GridLi, count: number, grid: TimeGrid) {
    this.readout = readout
    this.grid = grid
    const room = count * readout.size
    this.maxima = { values: new Float64Array(room), times: new Float64Array(room) }
    this.steps = new Int32Array(room)
  }

  /** The next trial. */
  add(): void {
    const { size, lanes, tape: trace } = this.readout
    const row = this.trials++ * size
    this.readout.countReading()
    for (let unit = 0; unit < size; unit++) {
      let best = 0
      for (let k = 1; k < this.grid.steps; k++) {
        if ((trace[k * lanes + unit] as number) > (trace[best * lanes + unit] as number)) best = k
      }
      this.maxima.values[row + unit] = trace[best * lanes + unit] as number
      this.maxima.times[row + unit] = best * this.grid.dt
      this.steps[row + unit] = best
    }
  }
}
