import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { adam } from '../../src/learning/optimizers/adam.js'
import { train } from '../../src/learning/train.js'
import { trainedNetwork } from '../../src/learning/trained-network.js'
import type { LifGroup } from '../../src/network/description/network.js'
import { formatNetwork } from '../../src/network/file/format-network.js'
import { parseNetwork } from '../../src/network/file/parse-network.js'
import { runDigest } from '../../src/storage/run-digest.js'
import { tinyTask } from '../support/tiny-task.js'

test('the file of a trained network brings back every learned number to the bit', async () => {
  const task = tinyTask()
  await using session = await open(task.network, { seed: 3 })
  const before = await runDigest(session, task, ['taus'])
  const learn = ['weights', 'delays', 'thresholds', 'adaptation', 'taus', 'bias'] as const
  const epochs = train(session, task, { optimizer: adam({ learningRate: 0.01 }), epochs: 2, batch: 8, learn })
  for await (const { number } of epochs) expect(number).toBeLessThan(3)
  const after = await runDigest(session, task, learn)
  expect(after).not.toBe(before)

  const network = await trainedNetwork(session, 3)
  const [{ hidden }, described] = [(await session.parameters()).groups, task.network.groups[1]]
  expect(network.groups[1]).toMatchObject({ tauMem: hidden?.tauMem?.[0], tauSyn: hidden?.tauSyn?.[0] })
  expect(network.groups[1]).not.toMatchObject({ tauMem: (described as LifGroup).tauMem })
  const text = formatNetwork(network)
  // Another seed: nothing is left to be drawn.
  await using reopened = await open(parseNetwork(text), { seed: 99 })
  expect(await runDigest(reopened, task, learn)).toBe(after)
})
