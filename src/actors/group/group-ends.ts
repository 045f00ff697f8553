import type { AnswerSums } from '../../dynamics/projection-answers.js'
import type { Group } from '../../network/network.js'
import type { SpikeInlet, SpikeOutlet } from '../../streams/pathway.js'

/** A pathway that leaves a group. */
export interface Output {
  /** What its answers are sums over; of order Infinity for the loss. */
  readonly sums: AnswerSums
  /** Which of the actor's groups spikes into it. */
  readonly group: number
  readonly outlet: SpikeOutlet
}

/** A pathway into a group. */
export interface Input {
  /** Whose spikes come. */
  readonly source: Group
  readonly inlet: SpikeInlet
}
