import { createDiagnosisTally, type DiagnosisTally } from './diagnosis/diagnosis-tally.js'
import { type Labels, packLabels } from './labels.js'
import { accuracy, meanLoss, meanShare, silentLabelFraction } from './metrics.js'
import type { StepResult } from './session.js'

/** What the steps of one epoch have reported so far, as plain data. */
export interface EpochTally {
  /** One per trial; not a number where the label unit was silent. */
  readonly losses: Float64Array
  readonly predictions: Int32Array
  readonly labels: Labels
  /** One per mini-batch: its trials, the share of silent hidden neurons, the norm of the mean gradient. */
  readonly trials: Uint32Array
  readonly silentFractions: Float64Array
  readonly gradientNorms: Float64Array
  readonly grazing: number
  /** Absent where no diagnosis was made. */
  readonly diagnosis?: DiagnosisTally
}

/** Of an epoch of which nothing is done. */
export function emptyTally(): EpochTally {
  return createTally().save()
}

/**
 * Gathers what the steps of one epoch report.
 *
 * @param from what was gathered before; default: nothing
 */
export function createTally(from: EpochTally | null = null) {
  const losses = Array.from(from?.losses ?? [], (loss) => (Number.isNaN(loss) ? null : loss))
  const predictions = [...(from?.predictions ?? [])]
  const labels = [...(from?.labels ?? [])]
  const batches = Array.from(from?.trials ?? [], (trials, k) => ({
    trials,
    silent: from?.silentFractions[k] as number,
    norm: from?.gradientNorms[k] as number,
  }))
  let grazing = from?.grazing ?? 0
  const diagnosis = createDiagnosisTally(from?.diagnosis)
  return {
    add(result: StepResult, batchLabels: Labels): void {
      losses.push(...result.losses)
      predictions.push(...result.predictions)
      labels.push(...batchLabels)
      batches.push({ trials: batchLabels.length, silent: result.silentFraction, norm: result.gradientNorm })
      grazing += result.grazing
      if (result.diagnosis !== undefined) diagnosis.add(result.diagnosis)
    },
    samples: () => labels.length,
    /** What was predicted of the samples so far. */
    predicted: () => ({ predictions: Int32Array.from(predictions), labels: packLabels(labels) }),
    result: () => ({
      loss: meanLoss(losses),
      trainAccuracy: accuracy(Int32Array.from(predictions), packLabels(labels)),
      silentFraction: meanShare(batches.map(({ silent, trials }) => ({ share: silent, trials }))),
      silentLabelFraction: silentLabelFraction(losses),
      grazing,
      samples: labels.length,
      gradientNorm: meanShare(batches.map(({ norm }) => ({ share: norm, trials: 1 }))),
      diagnosis: diagnosis.result(),
    }),
    save: (): EpochTally => ({
      losses: Float64Array.from(losses, (loss) => loss ?? Number.NaN),
      predictions: Int32Array.from(predictions),
      labels: packLabels(labels),
      trials: Uint32Array.from(batches, ({ trials }) => trials),
      silentFractions: Float64Array.from(batches, ({ silent }) => silent),
      gradientNorms: Float64Array.from(batches, ({ norm }) => norm),
      grazing,
      diagnosis: diagnosis.save(),
    }),
  }
}
