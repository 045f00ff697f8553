import type { KernelOptions } from '../../dynamics/kernel-options.js'
import type { Loss } from '../../learning/loss.js'
import type { Trials } from '../../learning/session.js'

/** A loss with the labels of a mini-batch, and what is added for silent neurons. */
export interface RunLoss {
  readonly loss: Loss
  /** One per trial; null where the loss needs none. */
  readonly labels: Uint8Array | null
  /** strength · max(0, threshold - vMax) over the silent label units of the loss group. */
  readonly silentLabelHinge: number
  /** The same over every silent neuron of a group. */
  readonly silentHinge: Readonly<Record<string, number>>
}

/** One pass over a mini-batch of trials, as every actor is told of it. */
export interface Run {
  readonly trials: Trials
  readonly loss: RunLoss | null
  /** The backward pass follows. */
  readonly gradients: boolean
  /** With gradients: dL/d(input spike time) is asked for. */
  readonly inputTimes: boolean
  /** With gradients: dL/dbias is asked for. */
  readonly biasGradient: boolean
  /** The output group may stop each neuron after its first spike, once the loss looks at nothing else. */
  readonly stopAfterFirst: boolean
  readonly undefinedSlope: KernelOptions['undefinedSlope']
}
