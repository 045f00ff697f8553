import type { AnswerSums, ProjectionAnswer } from '../../dynamics/projection-answers.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { Group } from '../../network/description/network.js'
import type { AnswerSource } from '../../streams/collect-answers.js'
import type { SpikeInlet, SpikeOutlet } from '../../streams/pathway.js'

/** A pathway that leaves a group. */
export interface Output {
  /** What its answers are sums over; of order Infinity for the loss. */
  readonly sums: AnswerSums
  /** Which of the actor's groups spikes into it. */
  readonly group: number
  readonly outlet: SpikeOutlet
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
  readonly inlet: SpikeInlet
}

/** Where the answers to what a group sends come from. */
export function answerSources(outputs: readonly Output[]): readonly AnswerSource[] {
  return outputs.map(({ sums, outlet: { gradients$ } }) => ({ sums, gradients$ }))
}

/** The answers of all outputs, in their order, of each of so many groups of an actor. */
export function answersByGroup(
  answers: readonly ProjectionAnswer[],
  outputs: readonly Output[],
  groups: number,
): readonly (readonly ProjectionAnswer[])[] {
  return Array.from({ length: groups }, (_, group) => answers.filter((_, k) => outputs[k]?.group === group))
}
