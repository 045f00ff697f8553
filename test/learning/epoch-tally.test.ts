import { expect, test } from 'vitest'
import { createTally } from '../../src/learning/epoch-tally.js'

const step = (trials: number, silentFraction: number, gradientNorm: number) => ({
  losses: Array.from({ length: trials }, () => 1),
  predictions: new Int32Array(trials),
  silentFraction,
  gradientNorm,
  grazing: 1,
})

test('silence counts by trials, the norm by steps, whether gathered at once or gone on with', () => {
  const whole = createTally()
  whole.add(step(6, 0.5, 3), new Uint8Array(6))
  const goneOn = createTally(whole.save())
  for (const tally of [whole, goneOn]) {
    tally.add(step(2, 1, 1), new Uint8Array(2))
    expect(tally.result()).toMatchObject({ silentFraction: 0.625, gradientNorm: 2, grazing: 2, samples: 8 })
  }
})
