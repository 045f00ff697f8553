import { requireLabel } from '../evaluate-loss.js'
import type { Loss } from '../loss.js'
import type { GridData, GridLoss, GridSetting } from '../losses/loss-record.js'
import { recordOf } from '../losses/record-of.js'
import type { TrialLoss } from '../losses/trial-loss.js'
import { createGridShares } from './grid-shares.js'
import type { MaximaRecorder } from './maxima-recorder.js'
import type { SpikeRecorder } from './spike-recorder.js'

/** What a loss may look at: all trials so far; the last of them is the one that it is asked about. */
export type GridObservation =
  | { readonly kind: 'lif'; readonly spikes: SpikeRecorder }
  | { readonly kind: 'li'; readonly maxima: MaximaRecorder }

/**
 * The loss of one trial on the grid. Writes its derivatives into `explicit`, at [step · lanes + unit]: dL/ds of what
 * spikes, dL/dV of a readout. Raises `InputError` LOSS_LABEL_MISSING and LOSS_LABEL_RANGE, and what the loss raises.
 */
export type GridEvaluation = (
  observed: GridObservation,
  trial: number,
  label: number | null,
  explicit: Float32Array,
) => TrialLoss

export function createGridEvaluation(loss: Loss, setting: GridSetting): GridEvaluation {
  const record = recordOf(loss)
  const onGrid: GridLoss<GridData[keyof GridData]> =
    record.onGrid?.(loss, setting) ?? createGridShares(loss, record, setting)
  return (observed, trial, label, explicit) =>
    onGrid.evaluate({
      observed: observed.kind === 'lif' ? observed.spikes.trains() : observed.maxima,
      trial,
      label: requireLabel(loss, setting.size, trial, label) ?? -1,
      explicit,
    })
}
