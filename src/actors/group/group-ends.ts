import type { Subject } from 'rxjs'
import type { ComponentKernel } from '../../dynamics/kernels/component-kernel.js'
import type { ReturnedEvents, ReturnedSums } from '../../dynamics/kernels/returned-events.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import { isGiven, type SpikeOrigin } from '../../network/description/given-source.js'
import type { Group } from '../../network/description/network.js'
import type { GradientSource, ReturnedBatch } from '../../streams/collect-returned.js'
import type { SpikeReceiver, SpikeSender } from '../../streams/pathway.js'
import type { VectorSender } from '../../streams/vector-stream.js'
import type { Run } from './run.js'

/** A pathway that leaves a group. */
export interface Output {
  /** The projection, and the parts of its target, over which returned gradients are sums; see `EXPLICIT` for the loss. */
  readonly sums: ReturnedSums
  /** Which of the actor's groups spikes into it. */
  readonly group: number
  readonly sender: SpikeSender
}

/** A batch that an actor's component has taken in. */
export interface ReceivedSpikes {
  /** Of the component. */
  readonly input: number
  readonly batch: SpikeBatch
}

/** A pathway into a group. */
export interface Input {
  /** Whose spikes come. */
  readonly source: Group
  readonly receiver: SpikeReceiver
}

/** A component and the pathways into it and out of it. */
export interface ConnectedComponent {
  readonly component: ComponentKernel
  /** In the order of `component.inputs`. */
  readonly inputs: readonly Input[]
  /** Projections and, per LIF group, its way to the loss. */
  readonly outputs: readonly Output[]
  /** Per group: its way to the loss, if it is an LI readout. */
  readonly readouts: readonly (VectorSender | null)[]
}

/** What others may observe of an actor of groups while it runs. */
export interface GroupSignals {
  /** Every batch a group of this actor emits. */
  readonly spikes$: Subject<SpikeBatch>
  /** Every batch that the component has received from outside. */
  readonly received$: Subject<ReceivedSpikes>
  /** The gradients of a batch from all outputs; emitted before the batch is undone. */
  readonly returned$: Subject<ReturnedBatch>
}

/** Where gradients of what a group sends come from. */
export function gradientSources(outputs: readonly Output[]): readonly GradientSource[] {
  return outputs.map(({ sums, sender: { gradients$ } }) => ({ sums, gradients$ }))
}

/** What all outputs have returned, in their order, sorted by the groups of an actor that spike into them. */
export function returnedByGroup(
  returned: readonly ReturnedEvents[],
  outputs: readonly Output[],
  groups: number,
): readonly (readonly ReturnedEvents[])[] {
  if (groups === 1) return [returned]
  return Array.from({ length: groups }, (_, group) => returned.filter((_, k) => outputs[k]?.group === group))
}

/** What decides in a run whether gradients return. */
export type ReturningRun = Pick<Run, 'inputTimes'>

/**
 * Whether gradients return for the spikes of a group in the backward pass. Neurons always get the gradients of their
 * spikes; a source only if the spikes were given to it and the run asks for dL/d(input spike time).
 *
 * Senders, receivers and checkers of gradients all ask this function.
 */
export function returnsGradients(group: SpikeOrigin, { inputTimes }: ReturningRun): boolean {
  return group.kind !== 'source' || (inputTimes && isGiven(group))
}
