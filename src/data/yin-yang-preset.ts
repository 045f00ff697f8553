import { adam } from '../learning/optimizers/adam.js'
import type { ParameterKind } from '../learning/session.js'
import type { TrainOptions } from '../learning/train-options.js'
import type { YinYangOptions } from './yin-yang.js'

/** Settings that suit the Yin-Yang task: of the task itself and of its training. */
export interface YinYangPreset {
  readonly task: YinYangOptions
  readonly training: TrainOptions
}

/** What every choice of learned parameters shares. */
const COMMON = { hidden: 120, batch: 32, silentLabelHinge: 1, silentWeightStep: { hidden: 0.002 } } as const

/** Delays let a shorter training with the same weight rate reach more. */
const EPOCHS = { withoutDelays: 60, withDelays: 40 } as const

/** Starting rates, falling to 2 % over the run; delays in ms. */
const RATES: Readonly<Record<ParameterKind, number>> = {
  weights: 0.01,
  delays: 0.2,
  thresholds: 0.005,
  adaptation: 0.003,
  bias: 0.005,
}

/**
 * Settings to train the Yin-Yang task with, given the kinds of parameters to learn.
 *
 * Delays, if learned, belong to the synapses from input to hidden; adaptation, if learned, to the hidden group.
 *
 * @example
 * const { task, training } = yinYangPreset(['weights', 'delays', 'thresholds'])
 * for await (const epoch of train(session, yinYang(task), training)) console.log(epoch.validationAccuracy)
 */
export function yinYangPreset(learn: readonly ParameterKind[]): YinYangPreset {
  const { hidden, ...training } = COMMON
  const learnDelays = learn.includes('delays')
  return {
    task: { hidden, learnDelays, adaptation: learn.includes('adaptation') },
    training: {
      ...training,
      learn,
      epochs: learnDelays ? EPOCHS.withDelays : EPOCHS.withoutDelays,
      optimizer: adam({ learningRate: RATES.weights }),
      rates: Object.fromEntries(learn.map((kind) => [kind, RATES[kind]])),
    },
  }
}
