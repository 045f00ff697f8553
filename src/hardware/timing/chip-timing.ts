import type { FigureSum } from '../report/chip-report.js'
import type { CorePlace } from '../routing/layout.js'

/** The step that takes longest, by what is known; the first of these. */
export interface LongestStep {
  readonly trial: number
  /** From 1. */
  readonly step: number
  /** Without the barrier, ns. */
  readonly atLeast: number
  /** The core that it waits for. */
  readonly core: CorePlace
}

/** How long a run takes on a stepped chip, step by step, forward; times in ns. */
export interface ChipTiming {
  /** Name of the profile. */
  readonly profile: string
  /** SANA-FE's `simple` timing model. */
  readonly model: 'simple'
  /** Of all trials. */
  readonly steps: number
  /** Chips and tiles that hold anything. */
  readonly chips: number
  readonly tiles: number
  /** Closing a step. */
  readonly barrier: FigureSum
  /** All steps, with their barriers. */
  readonly total: FigureSum
  /** A step, by the mean. */
  readonly mean: FigureSum
  /** Null where no core does anything that is known to take time. */
  readonly longest: LongestStep | null
}
