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
const COMMON = { batch: 32, silentLabelHinge: 1, silentWeightStep: { hidden: 0.003 } } as const

/** Delays set the hidden neurons apart; without them a bias spike and weaker, narrower weights do. */
const WITH_DELAYS = { task: { hidden: 120 }, epochs: 40 } as const
const WITHOUT_DELAYS = {
  task: {
    hidden: 120,
    biasSpike: true,
    hiddenWeights: { mean: 1.5, std: 0.78 },
    outputWeights: { drive: 186, spread: 1.1 },
  },
  epochs: 100,
} as const

/** Starting rates, falling to 2 % over the run; delays in ms. */
const RATES: Readonly<Record<ParameterKind, number>> = {
  weights: 0.01,
  delays: 0.2,
  thresholds: 0.005,
  adaptation: 0.003,
  taus: 0.1,
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
  const learnDelays = learn.includes('delays')
  const { task, epochs } = learnDelays ? WITH_DELAYS : WITHOUT_DELAYS
  return {
    task: { ...task, learnDelays, adaptation: learn.includes('adaptation') },
    training: {
      ...COMMON,
      learn,
      epochs,
      optimizer: adam({ learningRate: RATES.weights }),
      rates: Object.fromEntries(learn.map((kind) => [kind, RATES[kind]])),
    },
  }
}
