import { TRIAL_CHUNK } from '../dynamics/parameters/trial-sum.js'
import { InternalError } from '../events/errors.js'
import { pairwiseSum } from '../numerics/pairwise-sum.js'
import type { Labels } from './labels.js'

/** The sum over trials in the one order every thread count uses: inside chunks in turn, then a tree over chunks. */
export function trialSum(values: Float64Array): number {
  const chunks = new Float64Array(Math.ceil(values.length / TRIAL_CHUNK))
  for (let trial = 0; trial < values.length; trial++) {
    const chunk = Math.floor(trial / TRIAL_CHUNK)
    chunks[chunk] = (chunks[chunk] as number) + (values[trial] as number)
  }
  return pairwiseSum(chunks, 0, chunks.length)
}

/** The mean over the trials that have a loss; null if none has. */
export function meanLoss(losses: readonly (number | null)[]): number | null {
  // An undefined loss keeps its place as a 0, so that chunks stay chunks of trials.
  const finite = losses.filter((loss) => loss !== null).length
  return finite === 0 ? null : trialSum(Float64Array.from(losses, (loss) => loss ?? 0)) / finite
}

/** The share of trials whose prediction is the label, 0 to 1; a silent trial (-1) is wrong. */
export function accuracy(predictions: Int32Array, labels: Labels): number {
  if (predictions.length !== labels.length || labels.length === 0) {
    throw new InternalError('Accuracy needs one label per prediction, and at least one.', {
      predictions: predictions.length,
      labels: labels.length,
    })
  }
  let right = 0
  for (let trial = 0; trial < labels.length; trial++) if (predictions[trial] === labels[trial]) right++
  return right / labels.length
}

/** The share of trials without a loss because their label unit was silent, 0 to 1. */
export function silentLabelFraction(losses: readonly (number | null)[]): number {
  return losses.filter((loss) => loss === null).length / losses.length
}

/** The mean of a share over mini-batches, each weighted by its trials, added in turn. */
export function meanShare(batches: readonly { readonly share: number; readonly trials: number }[]): number {
  let sum = 0
  let trials = 0
  for (const batch of batches) {
    sum += batch.share * batch.trials
    trials += batch.trials
  }
  return sum / trials
}
