import type { KernelOptions } from '../../dynamics/kernels/kernel-options.js'
import type { KernelState } from '../../dynamics/kernels/kernel-state.js'
import type { Window } from '../../events/window.js'
import type { RateBands } from '../../learning/banded-step.js'
import type { Labels } from '../../learning/labels.js'
import type { Loss } from '../../learning/loss.js'
import type { RunNoise } from '../../learning/noise/run-noise.js'
import type { Trials } from '../../learning/session.js'

/** A loss with the labels of a mini-batch, and what is added for silent neurons. */
export interface RunLoss {
  readonly loss: Loss
  /** One per trial; null where the loss needs none. */
  readonly labels: Labels | null
  /** strength · max(0, threshold - vMax) over the silent units of the loss group that the label wants to spike. */
  readonly silentLabelHinge: number
  /** The same over every silent neuron of a group. */
  readonly silentHinge: Readonly<Record<string, number>>
  /** Heuristic: per group how often neurons shall spike in a trial. Default: however they like. */
  readonly rateBand?: RateBands | undefined
}

/**
 * A part of a run that proceeds in segments, [start, end) of [0, until) ms. Everything in flight at its end has been
 * received by then. The inputs of the run are those of the segment.
 */
export interface Segment extends Window {
  /**
   * What to go on from: everything at rest at 0, where the segment that ended at `start` has left the actors, or a state
   * of the slices here.
   */
  readonly from: 'rest' | 'last' | readonly UnitStates[]
}

/** The state of the units of one slice, of neurons or of a source, between two segments: plain data. */
export interface UnitStates extends KernelState {
  readonly group: string
  /** Number of its first unit in the whole group. */
  readonly start: number
}

/** One pass over a mini-batch of trials, as every actor receives it. */
export interface Run {
  readonly trials: Trials
  /**
   * Number of the first of these trials in the mini-batch that they are a part of: what trial k emits and draws is that of
   * trial `firstTrial` + k there, and errors name that trial. Noise counts by itself (`RunNoise.firstTrial`). Default 0;
   * never in segments.
   */
  readonly firstTrial?: number
  /** With gradients: sums over all trials of the mini-batch take the place of those over these trials. Default false. */
  readonly isPart?: boolean
  /**
   * Number of trials in a micro-batch, if all actors run the trials whole and the run does not ask for
   * `inputTimes`. No bit depends on it. Default: all at once.
   */
  readonly microBatch?: number
  /** Without it the trials run from 0 to their end. */
  readonly segment?: Segment
  readonly loss: RunLoss | null
  /** The backward pass follows. */
  readonly gradients: boolean
  /** With gradients: dL/d(input spike time) is asked for. */
  readonly inputTimes: boolean
  /** With gradients: dL/dbias is asked for. */
  readonly biasGradient: boolean
  /** With gradients: dL/dadaptStep is asked for. Default true. */
  readonly adaptationGradient?: boolean
  /** With gradients: those by the time constants are asked for. Default false. */
  readonly tauGradient?: boolean
  /** The loss's group stops each neuron after its first spike: nothing depends on the others, see `firstSpikesSuffice`. */
  readonly stopAfterFirst: boolean
  readonly undefinedSlope: KernelOptions['undefinedSlope']
  /** Default: none. Never in segments. */
  readonly noise?: RunNoise
}

/** The time that a run passes through. */
export function spanOf({ trials, segment }: Pick<Run, 'trials'> & { readonly segment?: Window }): Window {
  return segment ?? { start: 0, end: trials.until }
}
