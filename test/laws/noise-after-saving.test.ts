import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { evaluateSplit } from '../../src/learning/evaluate-split.js'
import type { NoiseChoice } from '../../src/learning/noise/device-noise.js'
import { readTrainingNoise, testNoiseOf } from '../../src/learning/noise/read-training-noise.js'
import { adam } from '../../src/learning/optimizers/adam.js'
import { train } from '../../src/learning/train.js'
import { trainedNetwork } from '../../src/learning/trained-network.js'
import { formatNetwork } from '../../src/network/file/format-network.js'
import { parseNetwork } from '../../src/network/file/parse-network.js'
import { casesOf } from '../support/cases-of.js'
import { expectSameBits } from '../support/same-bits.js'
import { tinyTask } from '../support/tiny-task.js'

const task = tinyTask()

const LEARN = ['weights', 'thresholds'] as const

const formats = fc.record(
  {
    weightBits: fc.integer({ min: 2, max: 8 }),
    weightLevels: fc.integer({ min: 3, max: 40 }),
    thresholdBits: fc.integer({ min: 3, max: 6 }),
    delayStep: fc.constantFrom(0.25, 1),
    delayMin: fc.constant(1),
    jitter: fc.constant(0.1),
  },
  { requiredKeys: ['weightBits'] },
)

test('a network in the formats of a device has the same bits after it was trained, saved and read', async () => {
  let differences = 0
  await fc.assert(
    fc.asyncProperty(formats, fc.nat(99), async (noise: NoiseChoice, seed) => {
      await using session = await open(task.network, { seed })
      const options = { optimizer: adam({ learningRate: 0.05 }), learn: LEARN, epochs: 1, batch: 5, seed, noise }
      for await (const _ of train(session, task, options));
      const device = testNoiseOf(task.network, options, seed)
      const before = await evaluateSplit(session, task.test, { ...task, ...device })
      const saved = parseNetwork(formatNetwork(await trainedNetwork(session, seed)))
      await using later = await open(saved, { seed: seed + 1 })
      expectSameBits(await evaluateSplit(later, task.test, { ...task, ...device }), before)
      // Of the network as it was saved ranges are others.
      const other = testNoiseOf(saved, options, seed)
      if (JSON.stringify(other) !== JSON.stringify(device)) differences++
    }),
    { numRuns: casesOf({ short: 4, long: 30 }), seed: 3, endOnFailure: true },
  )
  expect(differences).toBeGreaterThan(0)
})

test('ranges that are given stay, and those that are not are of the description', () => {
  const keys = task.network.projections.map(({ key }) => key)
  const rangesOf = (noise: NoiseChoice) => readTrainingNoise(task.network, { noise }, 0).test?.weightRange
  expect(rangesOf({ weightBits: 4, weightRange: 3 })).toBe(3)
  expect(rangesOf({ jitter: 1 })).toBeUndefined()
  const some = rangesOf({ weightBits: 4, weightRange: { [keys[0] as string]: 3 } }) as Record<string, number>
  expect(Object.keys(some)).toEqual(keys)
  expect(some[keys[0] as string]).toBe(3)
})
