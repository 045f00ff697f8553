import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { parsePreset } from '../../src/data/presets/parse-preset.js'
import { adam } from '../../src/learning/optimizers/adam.js'
import type { StepOptions } from '../../src/learning/session.js'
import { openSurrogate } from '../../src/learning/surrogate/open-surrogate.js'
import { train } from '../../src/learning/train.js'
import type { TrainOptions } from '../../src/learning/train-options.js'
import { step } from '../actors/small-networks.js'
import { TINY_PRESET } from '../cli/tiny-training.js'
import { tinyTask } from '../support/tiny-task.js'

const task = tinyTask()
const TRIALS = { count: 1, until: 9, inputs: {}, labels: Uint8Array.of(0) }

test.each(['nearMiss', 'rateBand'])('%s is refused by its name wherever a caller states it', async (name) => {
  await using session = await open(task.network)
  await using surrogate = openSurrogate(task.network, { dt: 0.5 })
  const optimizer = adam({ learningRate: 0.1 })
  // A value that earlier versions took, one that they did not, and none.
  for (const [value, found] of [
    [{ hidden: {} }, 'an object with hidden'],
    [3, '3'],
    [undefined, 'nothing'],
  ] as const) {
    const option = { [name]: value }
    const taken = { ...step(), ...option } as StepOptions
    const { training } = TINY_PRESET
    const preset = () =>
      parsePreset(JSON.stringify({ ...TINY_PRESET, training: { ...training, ...option } }), 'own.json')
    const places: readonly (readonly [place: string, state: () => unknown])[] = [
      [name, async () => train(session, task, { optimizer, epochs: 1, ...option } as TrainOptions)],
      [`step.${name}`, () => session.train(TRIALS, taken)],
      [`step.${name}`, () => surrogate.train(TRIALS, taken)],
      ...(value === undefined ? [] : [[`own.json: training.${name}`, async () => preset()] as const]),
    ]
    for (const [place, state] of places)
      await expect(state()).rejects.toMatchObject({
        code: 'TRAIN_OPTION_REMOVED',
        message: `${place}: found ${found}, expected nothing: this option was removed. Use spikeBudget in the options of train or in training of a preset, such as {"hidden": {"target": 1.5}} (flag --spike-budget hidden:1.5), which finds its strength by itself.`,
      })
  }
})
