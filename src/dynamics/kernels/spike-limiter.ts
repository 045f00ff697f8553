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

/** Per trial and block: the cell of its last spike, and its spikes there. */
interface Crowds {
  readonly cells: Float64Array
  readonly counts: Uint32Array
}

/** Ends a run in which a group fires more often than `KernelOptions.spikeLimit`, see models/spike-limit.ts. */
export class SpikeLimiter {
  private readonly values: Pick<HeldUnits, 'name' | 'start' | 'total'>
  private readonly blocks: number
  /** Neurons of the smallest block that is held here. */
  private readonly leastBlock: number
  private limit = Number.POSITIVE_INFINITY
  private trials = 0
  private firstTrial = 0
  /** All spikes of a trial are counted at once. */
  private isWhole = false
  /** Made for the first trial whose spikes may be too many. */
  private crowds: Crowds | null = null

  constructor({ name, start, size, total }: HeldUnits) {
    this.values = { name, start, total }
    this.blocks = Math.ceil(size / BLOCK)
    const last = blockAround(start + size - 1, total)
    this.leastBlock = last.end - last.start
  }

  /** Spikes before the run, or before the state from which it resumes, do not count. */
  begin({ spikeLimit = Number.POSITIVE_INFINITY, trials, firstTrial = 0, whole }: KernelOptions): void {
    this.limit = spikeLimit
    this.trials = trials
    this.firstTrial = firstTrial
    this.isWhole = whole
    this.crowds = null
  }

  /** Counts what was emitted next, in event order; raises `RunError` SPIKES_TOO_MANY for the first one too many. */
  count(spikes: SpikeTrains): void {
    if (this.limit === Number.POSITIVE_INFINITY || spikes.times.length === 0) return
    const { offsets } = spikes
    // No block can have fired too often in a whole trial that has no more spikes than the smallest one may fire in a cell.
    const few = this.isWhole ? this.limit * this.leastBlock : 0
    let first: Crowd | null = null
    for (let trial = 0; trial + 1 < offsets.length; trial++) {
      if ((offsets[trial + 1] as number) - (offsets[trial] as number) <= few) continue
      const crowd = this.countTrial(spikes, trial)
      if (crowd !== null && (first === null || crowd.time < first.time)) first = crowd
    }
    if (first === null) return
    const { name, total } = this.values
    const { time, unit } = first
    const trial = this.firstTrial + first.trial
    throw tooManySpikes({ group: name, units: blockAround(unit, total), trial, time, limit: this.limit })
  }

  private countTrial({ offsets, times, units }: SpikeTrains, trial: number): Crowd | null {
    const { limit } = this
    const { cells, counts } = this.crowdsOf()
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

  private crowdsOf(): Crowds {
    const length = this.trials * this.blocks
    this.crowds ??= { cells: new Float64Array(length).fill(-1), counts: new Uint32Array(length) }
    return this.crowds
  }
}
