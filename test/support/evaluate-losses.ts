import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { createEvaluation } from '../../src/learning/evaluate-loss.js'
import type { Loss } from '../../src/learning/loss.js'
import type { TrialLoss } from '../../src/learning/losses/trial-loss.js'
import type { Maxima } from '../../src/learning/session.js'

/** A loss on what it observes of one trial, alone, which ends late. */
function evaluation<Observed extends SpikeTrains | Maxima | Float64Array>() {
  return (
    loss: Loss,
    size: number,
    observed: Observed,
    trial: number,
    label: number | null,
    explicit: Float64Array,
  ): TrialLoss => createEvaluation(loss, { size, until: 1e6 })(observed, trial, label, explicit)
}

export const evaluateSpikeLoss = evaluation<SpikeTrains>()
export const evaluateMaximaLoss = evaluation<Maxima>()
export const evaluateIntegralLoss = evaluation<Float64Array>()
