import type { SpikeBatch } from '../events/spike-batch.js'
import type { SpikeTrains } from '../events/spike-trains.js'
import type { GroupKernel, KernelOptions } from './group-kernel.js'
import type { ProjectionAnswer } from './projection-answers.js'

/** A projection into a component from a group outside it. */
export interface ComponentInput {
  /** Its place in the network's list of projections. */
  readonly order: number
  readonly key: string
  readonly source: string
}

/** The complete answer to a batch that came through an input. */
export interface ComponentAnswer {
  readonly input: number
  readonly batch: SpikeBatch
  readonly values: Float64Array
}

/**
 * The groups that one actor runs: a single group, or several that must run together because spikes go around a cycle
 * between them in no time.
 *
 * Forward: `begin`, then `receive` and `advance` to growing horizons. Backward: `beginBackward`, then `retreat` once per
 * `advance` in reverse, collecting `takeAnswers`; last `finishGradients`.
 */
export interface ComponentKernel {
  readonly kernels: readonly GroupKernel[]
  readonly inputs: readonly ComponentInput[]
  /** The smallest current delay of each input. */
  smallestDelays(): readonly number[]
  begin(options: (kernel: GroupKernel) => KernelOptions): void
  receive(input: number, batch: SpikeBatch): void
  /** Runs everything before `horizon` ms; returns the spikes of each group. */
  advance(horizon: number): readonly SpikeTrains[]
  /** @param peakGradients dL/d(max V) per group, or null */
  beginBackward(peakGradients: readonly (Float64Array | null)[]): void
  /** Undoes the last `advance`; `returned` has, per group, what came back for its spikes. */
  retreat(returned: readonly (readonly ProjectionAnswer[])[]): void
  takeAnswers(): readonly ComponentAnswer[]
}
