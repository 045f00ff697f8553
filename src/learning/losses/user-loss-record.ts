import type { SpikeTrains } from '../../events/spike-trains.js'
import type { AnyLoss } from './any-loss.js'
import { requireEnd } from './integral-loss.js'
import type {
  GridView,
  IntegralLossDefinition,
  LossResult,
  MaximaLossDefinition,
  SpikeLossDefinition,
  SpikeView,
  TrialView,
} from './loss-definition.js'
import { FREE_LABELS, type LossLabels, UNIT_LABELS } from './loss-labels.js'
import type { GridSetting, GridTrial, LossRecord, LossSetting, LossTrial } from './loss-record.js'
import { type AskedOf, askLoss } from './loss-result.js'
import type { TrialLoss } from './trial-loss.js'
import type { UserLoss } from './user-loss.js'

/**
 * The record of a user-defined loss. Whatever it is shown of a trial is a copy, so that nothing it does to its view reaches
 * anybody else.
 */
export function userLossRecord(loss: UserLoss): LossRecord<AnyLoss> {
  switch (loss.observes) {
    case 'spikes':
      return ofSpikes(loss)
    case 'maxima':
      return ofMaxima(loss)
    case 'integral':
      return ofIntegrals(loss)
  }
}

function ofSpikes(loss: UserLoss & SpikeLossDefinition): LossRecord<AnyLoss, 'spikes'> {
  return {
    ...commonOf(loss),
    observes: 'spikes',
    evaluate(_, shown) {
      const { observed, trial, label, size, explicit } = shown
      const first = observed.offsets[trial] as number
      const view = { ...spikesOf(observed, trial), ...viewOf(shown, label) }
      const asked = { loss, trial, size, label, owed: view.times.length, per: 'spike' } as const
      return askLoss(
        asked,
        () => loss.evaluate(view),
        (k, value) => {
          explicit[first + k] = value
        },
      )
    },
    ...userSpikesOnGrid(loss),
  }
}

function ofMaxima(loss: UserLoss & MaximaLossDefinition): LossRecord<AnyLoss, 'maxima'> {
  return {
    ...commonOf(loss),
    observes: 'maxima',
    evaluate(_, shown) {
      const { values, times } = shown.observed
      const view = { maxima: rowOf(values, shown), times: rowOf(times, shown), ...viewOf(shown, shown.label) }
      return askOfUnits(loss, shown, () => loss.evaluate(view))
    },
    ...userVoltagesOnGrid(loss),
  }
}

function ofIntegrals(loss: UserLoss & IntegralLossDefinition): LossRecord<AnyLoss, 'integral'> {
  const { tau = Number.POSITIVE_INFINITY } = loss
  return {
    ...commonOf(loss),
    observes: 'integral',
    check: (_, setting) => requireEnd({ tau }, setting),
    evaluate(_, shown) {
      const view = { integrals: rowOf(shown.observed, shown), ...viewOf(shown, shown.label) }
      return askOfUnits(loss, shown, () => loss.evaluate(view))
    },
    ...userVoltagesOnGrid(loss),
  }
}

function commonOf({
  kind,
  labels,
}: UserLoss): Pick<LossRecord<AnyLoss>, 'kind' | 'fields'> & { labels: LossLabels<AnyLoss> } {
  return { kind, fields: {}, labels: labels === 'unit' ? UNIT_LABELS : FREE_LABELS }
}

function askOfUnits(loss: UserLoss, shown: LossTrial<unknown>, ask: () => LossResult): TrialLoss {
  const { trial, label, size, explicit } = shown
  return askLoss({ loss, trial, size, label, owed: size, per: 'unit' }, ask, (unit, value) => {
    explicit[trial * size + unit] = value
  })
}

/** One number per unit. */
function rowOf(rows: Float64Array, { trial, size }: LossTrial<unknown>): Float64Array {
  return rows.slice(trial * size, (trial + 1) * size)
}

/** How a user-defined loss on spikes is evaluated on the grid, if it defines this. */
function userSpikesOnGrid(loss: UserLoss & SpikeLossDefinition): Pick<LossRecord<AnyLoss, 'spikes'>, 'onGrid'> {
  const evaluate = loss.evaluateOnGrid
  if (evaluate === undefined) return {}
  return {
    onGrid: (_, setting) => ({
      evaluate(trial) {
        const view = { ...spikesOf(trial.observed, trial.trial), ...gridViewOf(setting, trial.label) }
        return askLoss(askedOf(loss, setting, trial), () => evaluate.call(loss, view), writerOf(setting, trial))
      },
    }),
  }
}

/** The same of one on the voltages of readouts. */
function userVoltagesOnGrid(
  loss: UserLoss & (MaximaLossDefinition | IntegralLossDefinition),
): Pick<LossRecord<AnyLoss, 'maxima' | 'integral'>, 'onGrid'> {
  const evaluate = loss.evaluateOnGrid
  if (evaluate === undefined) return {}
  return {
    onGrid: (_, setting) => ({
      evaluate(trial) {
        const view = { voltages: voltagesOf(setting, trial.observed.readout.tape), ...gridViewOf(setting, trial.label) }
        return askLoss(askedOf(loss, setting, trial), () => evaluate.call(loss, view), writerOf(setting, trial))
      },
    }),
  }
}

function gridViewOf(setting: GridSetting, label: number): GridView {
  const { grid, slope } = setting
  return { ...viewOf(setting, label), dt: grid.dt, steps: grid.steps, slope }
}

/** At [step · size + unit]; rows of the tape are longer. */
function voltagesOf({ size, lanes, grid }: GridSetting, tape: ArrayLike<number>): Float64Array {
  return Float64Array.from(
    { length: grid.steps * size },
    (_, k) => tape[Math.floor(k / size) * lanes + (k % size)] as number,
  )
}

function askedOf(loss: UserLoss, { size, grid }: GridSetting, { trial, label }: GridTrial<unknown>): AskedOf {
  return { loss, trial, size, label, owed: grid.steps * size, per: 'unit and point' }
}

function writerOf({ size, lanes }: GridSetting, { explicit }: GridTrial<unknown>) {
  return (k: number, value: number) => {
    explicit[Math.floor(k / size) * lanes + (k % size)] = value
  }
}

/** The spikes of one trial, as copies. */
function spikesOf({ offsets, times, units }: SpikeTrains, trial: number): Pick<SpikeView, 'times' | 'units'> {
  const [from, to] = [offsets[trial], offsets[trial + 1]]
  return { times: times.slice(from, to), units: units.slice(from, to) }
}

/** What every view has; a label of -1 is none. */
function viewOf({ size, until }: LossSetting, label: number): TrialView {
  return { label: label < 0 ? null : label, size, until }
}
