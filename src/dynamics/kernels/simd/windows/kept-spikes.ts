import { hasTwoCurrents } from '../../../parameters/group-traits.js'
import type { HeaderFields } from '../../wasm/header.js'
import { SPIKE } from '../../wasm/schema/delayed-records.js'
import { RANGE } from '../../wasm/schema/records.js'
import type { SimdEngine } from '../layout/simd-engine.js'
import type { WindowArrivalLists } from './window-arrivals.js'

/**
 * The spikes that may still arrive somewhere, in the memory of the kernel, where neurons have arrivals of their own: those of
 * a trial lie one behind the other in their order. A window drops from the front what has arrived, and adds what has become
 * known; see assembly/delayed/spikes.ts.
 */
export class KeptSpikes {
  private readonly engine: SimdEngine
  private readonly trials: number
  /** Address of the `RANGE` of each trial. */
  private readonly ranges: number
  private instants = 0
  private inhibitions = 0
  /** Spikes that each trial has room for. */
  private room = 0

  constructor(engine: SimdEngine, trials: number) {
    this.engine = engine
    this.trials = trials
    this.ranges = engine.memory.takeZeros(RANGE.size * trials)
  }

  /** Fields of the header. */
  get fields(): HeaderFields {
    const { instants, inhibitions, room, ranges } = this
    return { instants, inhibitions, spikeRoom: room, instantRanges: ranges }
  }

  /** Spikes of one trial at most, with what is added. */
  mostWith({ offsets }: Pick<WindowArrivalLists, 'offsets'>): number {
    let most = 0
    for (let trial = 0; trial < this.trials; trial++) {
      const { start, end } = this.rangeOf(trial)
      most = Math.max(most, (end - start) / SPIKE.size + (offsets[trial + 1] as number) - (offsets[trial] as number))
    }
    return most
  }

  /** Makes room for `most` spikes of each trial; returns whether the spikes have moved. */
  reserve(most: number): boolean {
    if (most <= this.room && this.room > 0) return false
    const { memory } = this.engine
    const room = 2 * Math.max(most, 1)
    const instants = memory.take(SPIKE.size * room * this.trials)
    const inhibitions = hasTwoCurrents(this.engine.group.values) ? memory.take(8 * room * this.trials) : 0
    for (let trial = 0; trial < this.trials; trial++) {
      const { start, end } = this.rangeOf(trial)
      const into = instants + SPIKE.size * room * trial
      memory.f64.copyWithin(into / 8, start / 8, end / 8)
      if (inhibitions !== 0) {
        const from = this.inhibitions / 8 + (start - this.instants) / SPIKE.size
        memory.f64.copyWithin(inhibitions / 8 + room * trial, from, from + (end - start) / SPIKE.size)
      }
      this.putRange(this.ranges, trial, into, into + end - start)
    }
    Object.assign(this, { instants, inhibitions, room })
    return true
  }

  /** What is kept now, once more, to be undone with the window: fields of the header. */
  copy(): HeaderFields {
    const { memory } = this.engine
    const ranges = memory.take(RANGE.size * this.trials)
    for (let trial = 0; trial < this.trials; trial++) {
      const { start, end } = this.rangeOf(trial)
      const into = memory.take(end - start)
      memory.f64.copyWithin(into / 8, start / 8, end / 8)
      this.putRange(ranges, trial, into, into + end - start)
    }
    return { instantRanges: ranges }
  }

  private rangeOf(trial: number): { readonly start: number; readonly end: number } {
    const { u32 } = this.engine.memory
    const at = (this.ranges + RANGE.size * trial) / 4
    return { start: u32[at + RANGE.at.start / 4] as number, end: u32[at + RANGE.at.end / 4] as number }
  }

  private putRange(ranges: number, trial: number, start: number, end: number): void {
    const { u32 } = this.engine.memory
    const at = (ranges + RANGE.size * trial) / 4
    u32[at + RANGE.at.start / 4] = start
    u32[at + RANGE.at.end / 4] = end
  }
}
