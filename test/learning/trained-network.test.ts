import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { adam } from '../../src/learning/optimizers/adam.js'
import { train } from '../../src/learning/train.js'
import { trainedNetwork } from '../../src/learning/trained-network.js'
import { formatNetwork, parseNetwork } from '../../src/network/network-file.js'
import { runDigest } from '../../src/storage/run-digest.js'
import { tinyTask } from '../support/tiny-task.js'

test('the file of a trained network brings back every learned number to the bit', async () => {
  const task = tinyTask()
  await using session = await open(task.network, { seed: 3 })
  const before = await runDigest(session, task)
  const learn = ['weights', 'delays', 'thresholds', 'adaptation', 'bias'] as const
  const epochs = train(session, task, { optimizer: adam({ learningRate: 0.01 }), epochs: 2, batch: 8, learn })
  for await (const { number } of epochs) expect(number).toBeLessThan(3)
  const after = await runDigest(session, task)
  expect(after).not.toBe(before)

  const text = formatNetwork(await trainedNetwork(session, 3))
  // Another seed: nothing is left to be drawn.
  await using reopened = await open(parseNetwork(text), { seed: 99 })
  expect(await runDigest(reopened, task)).toBe(after)
})
