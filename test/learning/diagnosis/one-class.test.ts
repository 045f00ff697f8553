import { describe, expect, test } from 'vitest'
import { createDataset } from '../../../src/data/user/create-dataset.js'
import { createTask } from '../../../src/data/user/create-task.js'
import {
  adam,
  defineLoss,
  firstSpike,
  type Loss,
  liIntegral,
  linear,
  open,
  openSurrogate,
  spikeCount,
  spikeTimes,
  train,
  vanRossum,
  vMax,
} from '../../../src/index.js'
import { describeOneClass } from '../../../src/learning/diagnosis/one-class.js'
import { trainsOf } from '../trains.js'

const TARGETS = { targets: trainsOf([[{ time: 5, unit: 0 }]]) }
const own = (labels: 'unit' | 'any') =>
  defineLoss({ name: 'own', observes: 'spikes', labels, evaluate: () => ({ loss: 0, gradients: [] }) }).on('out')

describe('labels that are all the same', () => {
  const SAID =
    'all 12 training samples have the label 3, so there is only one class to learn, and a network that always predicts 3 is correct; check the labels and the split of the samples, or, if this is no classification, use a loss with targets.'

  test.each<Loss>([firstSpike('out'), spikeCount('out'), vMax('out'), liIntegral('out'), own('unit')])(
    'are reported where the loss distinguishes classes: $kind',
    (loss) => {
      expect(describeOneClass(new Uint8Array(12).fill(3), loss)).toBe(SAID)
      expect(describeOneClass(new Uint16Array(12).fill(3), loss)).toBe(SAID)
    },
  )

  test.each<Loss>([spikeTimes('out', TARGETS), vanRossum('out', TARGETS), linear('out', [1]), own('any')])(
    'are not reported otherwise: $kind',
    (loss) => {
      expect(describeOneClass(new Uint8Array(12), loss)).toBeNull()
    },
  )

  test('are more than one label', () => {
    for (const labels of [[], [3], [3, 3, 3, 0], [0, 1]])
      expect(describeOneClass(Uint8Array.from(labels), firstSpike('out'))).toBeNull()
  })
})

const taskOf = (labels: readonly number[]) =>
  createTask({
    name: 'one',
    dataset: createDataset({
      trains: { input: labels.map((_, k) => ({ times: [1 + k / 10, 4], units: [0, 1] })) },
      labels,
    }),
    until: 30,
    hidden: 6,
  })

test.each([
  ['open', open],
  ['openSurrogate', openSurrogate],
])('a training of one class advises to look at the labels, first of all (%s)', async (_, openSession) => {
  const adviceOf = async (labels: readonly number[]) => {
    const task = taskOf(labels)
    await using session = await openSession(task.network, { seed: 1 })
    for await (const { advice } of train(session, task, { optimizer: adam({ learningRate: 1e-3 }), epochs: 1 }))
      return advice
    return []
  }
  const same = Array.from({ length: 40 }, () => 1)
  expect((await adviceOf(same))[0]).toMatch(
    /^output: all \d+ training samples have the label 1, so there is only one class/,
  )
  expect((await adviceOf(same.map((_, k) => k % 2))).join()).not.toContain('the label')
})
