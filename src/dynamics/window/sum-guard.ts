import type { KernelMemory } from '../wasm/kernel-memory.js'
import { SHORT_RECORD } from '../wasm/schema/window-records.js'
import type { ArrivalCell } from './arrival-cells.js'
import type { WindowProjection } from './window-projection.js'

/** Sums of so many arrivals of the largest weight have 64 bits, see `gridFields`. */
export const MOST_ARRIVALS = 2 ** 17

export interface SumGuardOptions {
  readonly projections: readonly WindowProjection[]
  /** Neurons held. */
  readonly size: number
  /** Magnitude that no weight exceeds. */
  readonly largestWeight: number
  /** The most that drives add at one neuron in a cell, as a sum of weights. */
  readonly ofDrives: number
}

/** Watches that the sums of arrivals of a cell keep within their 64 bits: a sum that wrapped around would go unseen. */
export class SumGuard {
  private readonly memory: KernelMemory
  private readonly options: SumGuardOptions
  /** Per projection: arrivals of each source unit in the cell looked at. */
  private readonly seen: readonly Uint32Array[]
  /** Per projection: magnitude that no sum of weights into one neuron exceeds. */
  private readonly mostInto: readonly number[]

  constructor(memory: KernelMemory, options: SumGuardOptions) {
    const { projections, largestWeight } = options
    this.memory = memory
    this.options = options
    this.seen = projections.map(({ rows }) => new Uint32Array(rows.sources))
    this.mostInto = projections.map(({ rows, weight }) => rows.mostInDegree * Math.abs(weight ?? largestWeight))
  }

  /**
   * A neuron held whose sums might not keep within their bits; -1 if there is none.
   *
   * @param end of the cell in ms
   */
  crowded(cell: ArrivalCell, end: number): number {
    const { largestWeight, ofDrives } = this.options
    const limit = MOST_ARRIVALS * largestWeight
    // However often the busiest unit of a projection spikes, no neuron has it do so more often than once a synapse.
    const bound = this.mostOften(cell).reduce((sum, times, p) => sum + times * (this.mostInto[p] as number), ofDrives)
    return bound <= limit ? -1 : this.weightsInto(cell, end).findIndex((sum) => sum + ofDrives > limit)
  }

  /** Per projection: how often its busiest unit arrives in the cell. */
  private mostOften({ count, projections, units }: ArrivalCell): readonly number[] {
    const most = this.seen.map(() => 0)
    for (let k = 0; k < count; k++) {
      const p = projections[k] as number
      const seen = this.seen[p] as Uint32Array
      const times = (seen[units[k] as number] as number) + 1
      seen[units[k] as number] = times
      if (times > (most[p] as number)) most[p] = times
    }
    for (let k = 0; k < count; k++) (this.seen[projections[k] as number] as Uint32Array)[units[k] as number] = 0
    return most
  }

  /** Per neuron: the sum of the magnitudes of all weights that arrive in the cell. */
  private weightsInto({ count, times, projections, units, firsts }: ArrivalCell, end: number): Float64Array {
    const sums = new Float64Array(this.options.size)
    const view = new DataView(this.memory.memory.buffer)
    for (let k = 0; k < count; k++) {
      const { rows, weight } = this.options.projections[projections[k] as number] as WindowProjection
      const row = rows.rows + 4 * (units[k] as number)
      const stop = rows.records + rows.stride * view.getUint32(row + 4, true)
      let at = (firsts[k] as number) || rows.records + rows.stride * view.getUint32(row, true)
      for (; at < stop; at += rows.stride) {
        if (rows.delayAt > 0 && (times[k] as number) + view.getFloat32(at + rows.delayAt, true) >= end) break
        const target = rows.stride === SHORT_RECORD ? view.getUint16(at, true) : view.getUint32(at, true)
        sums[target] = (sums[target] as number) + Math.abs(weight ?? view.getFloat32(at + rows.weightAt, true))
      }
    }
    return sums
  }
}
