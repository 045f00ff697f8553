import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { temporalPatterns } from '../../src/data/patterns/temporal-patterns.js'
import { adam } from '../../src/learning/optimizers/adam.js'
import { constantRate } from '../../src/learning/schedules.js'
import { train } from '../../src/learning/train.js'
import type { TrainOptions } from '../../src/learning/train-options.js'

test('a training with a spike budget comes to spike as often as it may where it spikes more often by itself', async () => {
  const patterns = temporalPatterns({ hidden: 30, classes: 5, sizes: { train: 320, validation: 20, test: 20 } })
  const spikesWith = async (options: Partial<TrainOptions>) => {
    await using session = await open(patterns.network, { seed: 5 })
    const rate = { optimizer: adam({ learningRate: 0.01 }), schedule: constantRate() }
    const counts: number[] = []
    for await (const { diagnosis } of train(session, patterns, { ...rate, epochs: 36, batch: 16, ...options }))
      counts.push(diagnosis!.layers.hidden!.spikes!)
    const last = counts.slice(-6)
    return last.reduce((sum, spikes) => sum + spikes) / last.length
  }
  expect(await spikesWith({ epochs: 9 })).toBeGreaterThan(4.2)
  const held = await spikesWith({ spikeBudget: { hidden: { target: 3.5, start: 3e-4 } } })
  expect(Math.abs(held / 3.5 - 1)).toBeLessThan(0.05)
})
