import { isSpiking } from '../../network/models/models.js'
import { requireLabel } from '../evaluate-loss.js'
import type { Loss } from '../loss.js'
import type { AnyLoss } from '../losses/any-loss.js'
import type { GridData, GridLoss, GridSetting, LossRecord } from '../losses/loss-record.js'
import { recordOf } from '../losses/record-of.js'
import type { TrialLoss } from '../losses/trial-loss.js'
import { createGridShares } from './grid-shares.js'
import type { MaximaRecorder } from './maxima-recorder.js'
import type { GridReadout } from './noise/grid-readout.js'
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

/** @param readout what is between spikes and loss */
export function createGridEvaluation(loss: Loss, setting: GridSetting, readout: GridReadout | null): GridEvaluation {
  const record = recordOf(loss)
  const onGrid: GridLoss<GridData[keyof GridData]> =
    onGridOf(loss, record, setting, readout) ?? createGridShares(loss, record, setting, readout)
  return (observed, trial, label, explicit) =>
    onGrid.evaluate({
      observed: isSpiking(observed) ? observed.spikes.trains() : observed.maxima,
      trial,
      label: requireLabel(loss, setting.size, trial, label),
      explicit,
    })
}

/** A loss that says dL/ds itself is shown what is read out, and says it of that. */
function onGridOf(
  loss: Loss,
  record: LossRecord<AnyLoss>,
  setting: GridSetting,
  readout: GridReadout | null,
): GridLoss<GridData[keyof GridData]> | null {
  const own = record.onGrid?.(loss, setting) ?? null
  if (own === null || readout === null) return own
  return {
    evaluate(trial) {
      const result = own.evaluate({ ...trial, observed: readout.read(trial.trial).trains })
      readout.restore(trial.explicit)
      return result
    },
  }
}
