import type { ProjectionValues } from '../../network/instance/instance.js'
import type { Parameters } from '../session.js'
import type { GridWay } from './noise/grid-way.js'

/** Numbers of a projection as they are learned: in the order and shape of its description. */
export type ProjectionNumbers = Parameters['projections'][string]

/** What a projection is asked for in a backward pass. */
export interface ProjectionWishes {
  readonly weights: boolean
  readonly delays: boolean
  /** dL/d(time of an input spike). */
  readonly inputTimes: boolean
}

/** The synapses from one group to another, on the grid. */
export interface GridProjection {
  readonly values: ProjectionValues
  /**
   * A mini-batch begins, with these numbers; gradients are zero.
   *
   * @param way what noise does to the spikes; null: nothing, as for projections of networks without noise
   */
  begin(numbers: ProjectionNumbers, wishes: ProjectionWishes, way: GridWay | null): void
  /** What the spikes of step k bring to the target, now or later. */
  deliver(k: number): void
  /** A trial has been run, and will be gone back through. */
  beginBackward(): void
  /** The derivatives by what the spikes of step k brought, and by whether sources had spiked at step k. */
  backward(k: number): void
  /** Sums over the trials of the mini-batch, in the places of the numbers. */
  gradients(): ProjectionNumbers
  /** dL/d(position) of the spikes in the source's raster, in 1/ms, after a backward pass; only if wished for. */
  readonly inputTimes: Float64Array
}
