import { describe, expect, test } from 'vitest'
import { FLAG_WORDS } from '../../../../src/cli/train/settings/flag-words.js'
import type { TrainerFlags } from '../../../../src/cli/train/settings/trainer-flags.js'
import { withTrainerFlags } from '../../../../src/cli/train/settings/with-trainer-flags.js'
import { trainCommand } from '../../../../src/cli/train/train-command.js'
import { adam } from '../../../../src/learning/optimizers/adam.js'
import { cosineDecay, decayTo, easeIn, exponentialDecay, warmUp } from '../../../../src/learning/schedules.js'
import type { TrainOptions } from '../../../../src/learning/train-options.js'
import { mistakeOf } from '../../../network/mistake-of.js'
import { tinyTask } from '../../../support/tiny-task.js'

const task = tinyTask()
const training: TrainOptions = {
  optimizer: adam({ learningRate: 0.01 }),
  epochs: 3,
  learn: ['weights', 'delays'],
  rates: { weights: 0.01, delays: 0.2 },
  bounds: { delays: [0, 9] },
}
const changed = (flags: TrainerFlags, given: Partial<TrainOptions> = {}) =>
  withTrainerFlags({ task, training: { ...training, ...given } }, flags)

describe('the settings of a training', () => {
  test('stay as they are without flags', () => {
    expect(changed({})).toEqual({
      task,
      training: { ...training, schedule: decayTo(0.02), loss: task.loss },
    })
  })

  test('follow the flags', () => {
    const { training: found } = changed({
      bounds: { weights: [-3, 3] },
      decay: { weights: 0.1 },
      clip: 2,
      patience: 4,
      keepBest: true,
      schedule: cosineDecay(),
      warmUp: 0.5,
    })
    expect(found).toMatchObject({
      bounds: { delays: [0, 9], weights: [-3, 3] },
      decay: { weights: 0.1 },
      clipNorm: 2,
      patience: 4,
      keepBest: true,
      schedule: warmUp(0.5, cosineDecay()),
    })
  })

  test('strengthen hinges by flags, beside those of other groups', () => {
    const { training: found } = changed(
      { silentHinge: { hidden: 0.2 }, silentLabelHinge: 2 },
      { silentHinge: { hidden: 0.1, out: 0.3 }, silentLabelHinge: 1 },
    )
    expect(found).toMatchObject({ silentHinge: { hidden: 0.2, out: 0.3 }, silentLabelHinge: 2 })
    expect(() => changed({ silentHinge: { hiden: 1 } })).toThrow(/--silent-hinge/)
  })

  test('keep the ratios of rates to the one that changes', () => {
    const { training: found } = changed({ rate: 0.02 })
    expect(found.optimizer.learningRate).toBe(0.02)
    expect(found.rates).toEqual({ weights: 0.02, delays: 0.4 })
    expect(changed({ rate: 0.02, rates: { delays: 0.3 } }).training.rates).toEqual({ weights: 0.02, delays: 0.3 })
  })

  test('keep what the preset says of a budget that a flag changes, and the budgets of other groups', () => {
    const spikeBudget = { hidden: { target: 9, gain: 0.1, high: 8 }, out: { target: 4 } }
    const { training: found } = changed({ spikeBudget: { hidden: { target: 1.5, high: 4 } } }, { spikeBudget })
    expect(found.spikeBudget).toEqual({ hidden: { target: 1.5, gain: 0.1, high: 4 }, out: { target: 4 } })
    expect(changed({ spikeBudget: { out: { target: 2 } } }).training.spikeBudget).toEqual({ out: { target: 2 } })
    const refused = mistakeOf(() => changed({ spikeBudget: { constructor: { target: 2 } } }))
    expect(refused).toMatchObject({ code: 'TRAIN_GROUP', field: '--spike-budget' })
  })

  test('keep the decay of kinds that no flag speaks of', () => {
    const { training: found } = changed({ decay: { weights: 0.1 } }, { decay: { weights: 0.3, delays: 0.2 } })
    expect(found.decay).toEqual({ weights: 0.1, delays: 0.2 })
  })

  test('are told with the preset that is wrong about them', () => {
    const wrong = { ...training, silentWeightStep: { hiden: 0.1 } }
    expect(() => withTrainerFlags({ task, training: wrong }, { preset: 'own.json' })).toThrow(
      'own.json: training.silentWeightStep.hiden: found ',
    )
  })

  test('warm up the schedule, not what warms up already', () => {
    const schedule = warmUp(2, exponentialDecay(0.5))
    const scheduleWith = (flags: TrainerFlags) => changed(flags, { schedule }).training.schedule
    expect(scheduleWith({})).toEqual(schedule)
    expect(scheduleWith({ warmUp: 3 })).toEqual(warmUp(3, exponentialDecay(0.5)))
    expect(scheduleWith({ schedule: cosineDecay() })).toEqual(warmUp(2, cosineDecay()))
    expect(scheduleWith({ easeIn: { factor: 1.1 } })).toEqual(easeIn({ factor: 1.1 }, exponentialDecay(0.5)))
    const both = { easeIn: { factor: 1.1, start: 0.1 }, warmUp: 1, schedule: cosineDecay() }
    expect(scheduleWith(both)).toEqual(easeIn({ factor: 1.1, start: 0.1 }, warmUp(1, cosineDecay())))
  })

  test('take another loss on the same readout', () => {
    const { task: found, training: options } = changed({ loss: { kind: 'spikeCount', tau: 7 } })
    expect(found.loss).toEqual({ kind: 'spikeCount', group: 'out', tau: 7 })
    expect(options.loss).toEqual(found.loss)
  })

  test.each<readonly [TrainerFlags, code: string, field: string]>([
    [{ rates: { thresholds: 0.1 } }, 'TRAIN_KIND_NOT_LEARNED', '--rates'],
    [{ bounds: { thresholds: [0, 1] } }, 'TRAIN_KIND_NOT_LEARNED', '--bounds'],
    [{ bounds: { delays: [-1, 1] } }, 'TRAIN_OPTION', '--bounds'],
    [{ decay: { bias: 0.1 } }, 'TRAIN_KIND_NOT_LEARNED', '--decay'],
    [{ decay: { delays: 6 } }, 'TRAIN_OPTION', '--decay'],
    [{ loss: { kind: 'vMax' } }, 'LOSS_GROUP_KIND', '--loss (group)'],
    [{ loss: { kind: 'guess' } }, 'LOSS_KIND_UNKNOWN', '--loss'],
    [{ loss: { kind: 'spikeCount', tau: -1 } }, 'TIME_CONSTANT_NOT_POSITIVE', '--loss (tau)'],
    [{ loss: { kind: 'spikeCount', tau1: 1 } }, 'FIELD_UNKNOWN', '--loss (tau1)'],
  ])('are refused in terms of the flag: %j', (flags, code, field) => {
    expect(mistakeOf(() => changed(flags))).toEqual({ code, field })
  })
})

test('advice names flags that the command has, as it takes them', async () => {
  const budget = { target: 2, high: 4 }
  const said = [
    ...[FLAG_WORDS.silentHinge('hidden', 0.1), FLAG_WORDS.silentLabelHinge(1), FLAG_WORDS.clipNorm(1)],
    ...[FLAG_WORDS.learningRate(1e-8), FLAG_WORDS.learn(['weights', 'adaptation']), FLAG_WORDS.leastThreshold(0.5)],
    ...[FLAG_WORDS.integralLoss('output', 0.2), `${FLAG_WORDS.seed} 1`, FLAG_WORDS.budgetHigh('hidden', budget)],
  ]
  expect(said).toHaveLength(Object.keys(FLAG_WORDS).length - 2)
  const quiet = { out: () => undefined, err: () => undefined, screen: null }
  for (const line of said) {
    const command = trainCommand(quiet)
    let isRun = false
    command.exitOverride().action(() => {
      isRun = true
    })
    await command.parseAsync(['yin-yang', ...line.split(' ')], { from: 'user' })
    expect(isRun, line).toBe(true)
  }
})
