import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { sgd } from '../../src/learning/optimizers/sgd.js'
import type { Dataset, TrainingDraw } from '../../src/learning/task.js'
import { train } from '../../src/learning/train.js'
import { tinyTask } from '../support/tiny-task.js'

test('what an augmentation depends on is handed to the training samples alone: the seed and the epoch', async () => {
  const drawn = new Map<string, (TrainingDraw | undefined)[]>()
  const watched = (name: string, dataset: Dataset): Dataset => ({
    ...dataset,
    encode(samples, draw) {
      drawn.set(name, [...(drawn.get(name) ?? []), draw])
      return dataset.encode(samples, draw)
    },
  })
  const tiny = tinyTask()
  const task = { ...tiny, train: watched('train', tiny.train), validation: watched('validation', tiny.validation) }
  await using session = await open(task.network, { seed: 1 })
  const options = { optimizer: sgd({ learningRate: 0.01 }), epochs: 2, batch: 12, seed: 9 }
  for await (const _ of train(session, task, options));
  expect(drawn.get('train')).toEqual([1, 1, 2, 2].map((epoch) => ({ seed: 9, epoch })))
  expect(new Set(drawn.get('validation'))).toEqual(new Set([undefined]))
})
