import type { SpikeTrains } from '../../events/spike-trains.js'
import { grown } from '../../numerics/grown.js'
import type { SpikeRaster } from './spike-raster.js'

/** Collects the spikes of one group, trial after trial; times are points of the grid. */
export class SpikeRecorder {
  private readonly offsets: Uint32Array
  private times = new Float64Array(0)
  private units = new Uint32Array(0)
  private trials = 0
  private readonly dt: number

  /** @param dt in ms */
  constructor(trials: number, dt: number) {
    this.dt = dt
    this.offsets = new Uint32Array(trials + 1)
  }

  /** The next trial. */
  add(raster: SpikeRaster): void {
    const { count, offsets, units } = raster
    const first = this.offsets[this.trials] as number
    this.times = grown(this.times, first + count)
    this.units = grown(this.units, first + count)
    for (let step = 0; step + 1 < offsets.length; step++) {
      const to = offsets[step + 1] as number
      for (let k = offsets[step] as number; k < to; k++) {
        this.times[first + k] = step * this.dt
        this.units[first + k] = units[k] as number
      }
    }
    this.trials++
    this.offsets.fill(first + count, this.trials)
  }

  /** All so far; trials that are yet to come are empty. */
  trains(): SpikeTrains {
    const count = this.offsets[this.trials] as number
    return { offsets: this.offsets, times: this.times.subarray(0, count), units: this.units.subarray(0, count) }
  }
}
