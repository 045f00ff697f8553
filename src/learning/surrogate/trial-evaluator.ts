import { isSpiking } from '../../network/models/models.js'
import type { LabelledLoss } from '../check-trials.js'
import type { Outcome } from '../losses/outcome.js'
import type { RunNoise } from '../noise/run-noise.js'
import { createGridEvaluation, type GridObservation } from './grid-loss.js'
import type { GridNetwork } from './grid-network.js'
import { createGridReadout } from './noise/grid-readout.js'
import type { TimeGrid } from './time-grid.js'

/** Evaluates the trials of a mini-batch, one after the other, and tells the loss's group the derivatives. */
export interface TrialEvaluator {
  /** Of the trials so far. */
  readonly outcome: Outcome
  /** Evaluates a trial; returns whether it has a loss. */
  evaluate(trial: number): boolean
}

export interface EvaluatorSettings {
  /** Trials in all. */
  readonly count: number
  /** Their end in ms. */
  readonly until: number
  readonly grid: TimeGrid
  readonly slope: number
  readonly noise: RunNoise | null
}

/** @param observed what the loss looks at */
export function createTrialEvaluator(
  network: GridNetwork,
  { loss, labels }: LabelledLoss,
  observed: GridObservation,
  { count, until, grid, slope, noise }: EvaluatorSettings,
): TrialEvaluator {
  const group = network.neuronsOf(loss.group)
  const place = { trials: count, ...grid }
  const readout = isSpiking(group) ? createGridReadout(noise, group, place) : null
  const evaluate = createGridEvaluation(loss, { size: group.size, until, lanes: group.lanes, grid, slope }, readout)
  const losses: (number | null)[] = []
  const predictions = new Int32Array(count)
  if (isSpiking(group)) group.observe()
  return {
    outcome: { losses, predictions },
    evaluate(trial) {
      const result = evaluate(observed, trial, labels?.[trial] ?? null, group.explicit)
      losses.push(result.loss)
      predictions[trial] = result.prediction
      return result.loss !== null
    },
  }
}
