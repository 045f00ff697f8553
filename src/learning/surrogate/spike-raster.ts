import type { SpikeTrains } from '../../events/spike-trains.js'
import { grown } from '../../numerics/grown.js'

/** The spikes of one group in one trial, step by step; step k owns the entries offsets[k] … offsets[k + 1] - 1. */
export class SpikeRaster {
  units = new Int32Array(0)
  /** Where on the axis of steps a spike lies: its step, or between two for input. */
  positions = new Float64Array(0)
  readonly offsets: Int32Array

  constructor(steps: number) {
    this.offsets = new Int32Array(steps + 1)
  }

  /** Spikes of all steps. */
  get count(): number {
    return this.offsets[this.offsets.length - 1] as number
  }

  /** Nothing has spiked. */
  beginTrial(): void {
    this.offsets[0] = 0
    this.offsets[1] = 0
  }

  /** The first `count` of some units spike at step k; steps come in order. */
  add(k: number, units: Int32Array, count: number): void {
    this.reserve(k, count)
    const first = this.offsets[k] as number
    for (let spike = 0; spike < count; spike++) {
      this.units[first + spike] = units[spike] as number
      this.positions[first + spike] = k
    }
    this.offsets[k + 1] = first + count
  }

  /** Reserves room for `more` spikes beyond those before step k. */
  private reserve(k: number, more: number): void {
    const needed = (this.offsets[k] as number) + more
    this.units = grown(this.units, needed)
    this.positions = grown(this.positions, needed)
  }

  /** The spikes of a group that is given them: each belongs to the nearest step; those beyond the last are left out. */
  fill({ offsets, times, units }: SpikeTrains, trial: number, dt: number): void {
    const first = offsets[trial] as number
    const last = offsets[trial + 1] as number
    const steps = this.offsets.length - 1
    this.offsets[0] = 0
    this.reserve(0, last - first)
    let step = 0
    let count = 0
    for (let k = first; k < last; k++) {
      const position = (times[k] as number) / dt
      const nearest = Math.floor(position + 0.5)
      if (nearest >= steps) break
      while (step < nearest) this.offsets[++step] = count
      this.units[count] = units[k] as number
      this.positions[count] = position
      count++
    }
    while (step < steps) this.offsets[++step] = count
  }
}
