import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Slice } from '../../network/slices/blocks.js'
import type { InputLatency } from '../inputs/late-batch.js'
import type { Kernel } from './kernel.js'
import type { KernelOptions } from './kernel-options.js'
import type { KernelState } from './kernel-state.js'
import type { ReturnedEvents } from './returned-events.js'

/** A stream into a component: the spikes of one slice of a group outside it, through one projection. */
export interface ComponentInput {
  /** The projection's place in the network's list. */
  readonly order: number
  readonly key: string
  readonly source: string
  /** Number of the slice among those of the source, and its units. */
  readonly slice: number
  readonly units: Slice
  readonly latency: InputLatency | null
}

/** The complete gradients of a batch that came through an input. */
export interface ComponentGradients {
  readonly input: number
  readonly batch: SpikeBatch
  /** Per node of the returning kernel's layout, one per spike: values[node · count + k]. */
  readonly values: Float64Array
}

/**
 * The groups that one actor runs: a single group or a slice of it, or several whole groups that must run together because
 * spikes go around a cycle between them in no time.
 *
 * Forward: `begin`, then `receive` and `advance` to growing horizons. Backward: `beginBackward`, then `backward` once per
 * `advance` in reverse, collecting `takeReturned`; last `finishGradients`. In micro-batches every `advance` runs the next
 * one to the end, and each is undone by a `beginBackward` and a `backward`, the first one first.
 */
export interface ComponentKernel {
  readonly kernels: readonly Kernel[]
  readonly inputs: readonly ComponentInput[]
  /** The smallest current delay of each input. */
  smallestDelays(): readonly number[]
  begin(options: (kernel: Kernel) => KernelOptions): void
  /** In place of `begin`: goes on from a state at `start` ms, one per kernel. */
  resume(options: (kernel: Kernel) => KernelOptions, start: number, states: readonly KernelState[]): void
  /** The state of each kernel after the last `advance`, with everything before its horizon received. */
  saveStates(): readonly KernelState[]
  receive(input: number, batch: SpikeBatch): void
  /** How far it runs if everything before a horizon is known, see `Kernel`. */
  reach(horizon: number, promised?: number): number
  /** The earliest instant at which something can happen here if nothing else is received. Not in whole trials. */
  nextEvent(): number
  /** Runs everything before `horizon` ms, which `reach` returned; returns the spikes of each group. */
  advance(horizon: number): readonly SpikeTrains[]
  /** @param peakGradients dL/d(max V) per group, or null */
  beginBackward(peakGradients: readonly (Float64Array | null)[]): void
  /**
   * Undoes the last `advance`, of micro-batches the first.
   *
   * @param returned per group, what came back for its spikes, in any order
   */
  backward(returned: readonly (readonly ReturnedEvents[])[]): void
  takeReturned(): readonly ComponentGradients[]
}
