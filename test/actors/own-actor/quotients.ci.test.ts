import { expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { gradientMatchesQuotients } from '../../../src/testing/gradient-matches-quotients.js'
import { converging, looped, relayed, TRIALS } from './relay-network.js'

const LABELS = Uint8Array.from([0, 1, 2])
const LOSS = { kind: 'spikeCount', group: 'out', tau: 20 } as const

test.each([
  ['through an actor', relayed(2, 3, 8)],
  ['around a loop with an actor', looped(2, 3, 3)],
  ['through an actor with three inputs', converging(2, 3)],
])('gradients %s are the limits of difference quotients', async (_, network) => {
  const kinds = ['weights', 'delays', 'inputTimes'] as const
  const covered = await gradientMatchesQuotients({ open, network, trials: TRIALS, loss: LOSS, labels: LABELS, kinds })
  expect(covered.compared).toBeGreaterThan(30)
  expect(covered.skipped).toBeLessThan(covered.compared / 4)
})
