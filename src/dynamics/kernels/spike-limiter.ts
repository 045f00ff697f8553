import type { SpikeTrains } from '../../events/spike-trains.js'
import type { HeldUnits } from '../../network/instance/instance.js'
import { BLOCK } from '../../numerics/block-sum.js'
import { blockAround, SPIKE_CELL, tooManySpikes } from '../models/spike-limit.js'
import type { KernelOptions } from './kernel-options.js'

/** The first spike of a trial that is one too many. */
interface Crowd {
  readonly trial: number
  readonly time: number
  readonly unit: number
}

/** Ends a run in which a group fires more often than `KernelOptions.spikeLimit`, see models/spike-limit.ts. */
export class SpikeLimiter {
  private readonly values: Pick<HeldUnits, 'name' | 'start' | 'total'>
  private readonly blocks: number
  private limit = Number.POSITIVE_INFINITY
  /** Per trial and block: the cell of its last spike, and its spikes there. */
  private cells = new Float64Array(0)
  private counts = new Uint32Array(0)

  constructor({ name, start, size, total }: HeldUnits) {
    this.values = { name, start, total }
    this.blocks = Math.ceil(size / BLOCK)
  }

  /** Spikes before the run, or before where it goes on from a state, do not count. */
  begin({ spikeLimit = Number.POSITIVE_INFINITY, trials }: KernelOptions): void {
    this.limit = spikeLimit
    if (spikeLimit === Number.POSITIVE_INFINITY) return
    this.cells = new Float64Array(trials * this.blocks).fill(-1)
    this.counts = new Uint32Array(trials * this.blocks)
  }

  /** Counts what was emitted next, in event order; raises `RunError` SPIKES_TOO_MANY for the first one too many. */
  count(spikes: SpikeTrains): void {
    if (this.limit === Number.POSITIVE_INFINITY || spikes.times.length === 0) return
    let first: Crowd | null = null
    for (let trial = 0; trial + 1 < spikes.offsets.length; trial++) {
      const crowd = this.countTrial(spikes, trial)
      if (crowd !== null && (first === null || crowd.time < first.time)) first = crowd
    }
    if (first === null) return
    const { name, total } = this.values
    const { trial, time, unit } = first
    throw tooManySpikes({ group: name, units: blockAround(unit, total), trial, time, limit: this.limit })
  }

  private countTrial({ offsets, times, units }: SpikeTrains, trial: number): Crowd | null {
    const { cells, counts, limit } = this
    const { start, total } = this.values
    const end = offsets[trial + 1] as number
    for (let k = offsets[trial] as number; k < end; k++) {
      const unit = units[k] as number
      const at = trial * this.blocks + Math.floor((unit - start) / BLOCK)
      const time = times[k] as number
      const cell = Math.floor(time / SPIKE_CELL)
      const count = cells[at] === cell ? (counts[at] as number) + 1 : 1
      cells[at] = cell
      counts[at] = count
      // Most are far below what a single neuron may do.
      if (count <= limit) continue
      const around = blockAround(unit, total)
      if (count > limit * (around.end - around.start)) return { trial, time, unit }
    }
    return null
  }
}
