import type { AnyLoss } from './any-loss.js'
import type { GridView, IntegralLossDefinition, MaximaLossDefinition, SpikeLossDefinition } from './loss-definition.js'
import type { GridSetting, GridTrial, LossRecord } from './loss-record.js'
import { type AskedOf, askLoss } from './loss-result.js'
import type { OwnLoss } from './own-loss.js'
import { spikesOf, viewOf } from './own-view.js'

/** How a loss of one's own on spikes is evaluated on the grid, if it says. */
export function ownSpikesOnGrid(loss: OwnLoss & SpikeLossDefinition): Pick<LossRecord<AnyLoss, 'spikes'>, 'onGrid'> {
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
export function ownVoltagesOnGrid(
  loss: OwnLoss & (MaximaLossDefinition | IntegralLossDefinition),
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

function askedOf(loss: OwnLoss, { size, grid }: GridSetting, { trial, label }: GridTrial<unknown>): AskedOf {
  return { loss, trial, size, label, owed: grid.steps * size, per: 'unit and point' }
}

function writerOf({ size, lanes }: GridSetting, { explicit }: GridTrial<unknown>) {
  return (k: number, value: number) => {
    explicit[Math.floor(k / size) * lanes + (k % size)] = value
  }
}
