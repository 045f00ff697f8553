import type { LabelledLoss } from '../check-trials.js'
import type { Outcome } from '../losses/outcome.js'
import { createGridLoss, type GridObservation } from './grid-loss.js'
import type { GridNetwork } from './grid-network.js'
import type { TimeGrid } from './time-grid.js'

/** Judges the trials of a mini-batch, one after the other, and tells the loss's group the derivatives. */
export interface TrialJudge {
  /** Of the trials so far. */
  readonly outcome: Outcome
  /** Judges a trial; returns whether it has a loss. */
  judge(trial: number): boolean
}

/** @param observed what the loss looks at */
export function createTrialJudge(
  network: GridNetwork,
  { loss, labels }: LabelledLoss,
  observed: GridObservation,
  { count, grid, slope }: { readonly count: number; readonly grid: TimeGrid; readonly slope: number },
): TrialJudge {
  const group = network.neuronsOf(loss.group)
  const evaluate = createGridLoss(loss, { size: group.size, lanes: group.lanes, grid, slope })
  const losses: (number | null)[] = []
  const predictions = new Int32Array(count)
  if (group.kind === 'lif') group.observe()
  return {
    outcome: { losses, predictions },
    judge(trial) {
      const result = evaluate(observed, trial, labels?.[trial] ?? null, group.explicit)
      losses.push(result.loss)
      predictions[trial] = result.prediction
      return result.loss !== null
    },
  }
}
