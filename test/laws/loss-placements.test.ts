import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { Loss } from '../../src/learning/loss.js'
import type { LabelledTrials, Session } from '../../src/learning/session.js'
import { step } from '../actors/small-networks.js'
import { trainsOf } from '../learning/trains.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { cutNetworkCase, denseNetworkCase } from '../support/cut-network-case.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { shuffledDelivery } from '../support/shuffled-delivery.js'

/** A target train per label, over the units of any group b. */
const targets = trainsOf(
  Array.from({ length: 40 }, (_, label) => [0, 1, 1].map((unit, k) => ({ unit, time: 3 + 4 * k + ((label * 7) % 5) }))),
)
const LOSSES: readonly Loss[] = [
  { kind: 'liIntegral', group: 'r', tau: 12, scale: 0.1 },
  { kind: 'liIntegral', group: 'r', tau: Infinity, scale: 0.1 },
  { kind: 'vanRossum', group: 'b', tau: 6, targets },
  { kind: 'spikeTimes', group: 'b', tau: 6, targets },
]
const RATES = { weights: 0.01, delays: 0.01, thresholds: 0.001, taus: 0.01 }

/** What the losses and their gradients are, and what steps along them with a rate band make of the network. Closes it. */
async function lossesOf(session: Session, trials: LabelledTrials) {
  const found = []
  for (const loss of LOSSES) {
    found.push(await session.gradient(trials, loss, trials.labels))
    const bands = { rateBand: { a: { low: 1, high: 1, strength: 0.1 }, b: { low: 0.5, high: 2.5, strength: 0.2 } } }
    const bounds = { delays: [0, 10], thresholds: [0.3, 3], taus: [1, 100] } as const
    found.push(await session.train(trials, step({ loss, rates: RATES, bounds, silentLabelHinge: 0.5, ...bands })))
  }
  const parameters = await session.parameters()
  await session.close()
  return { found, parameters }
}

const placed = fc
  .oneof(cutNetworkCase, denseNetworkCase)
  .chain((sample) => fc.tuple(fc.constant(sample), arbitraryPlacement(sample.network, 4), fc.nat()))

test('no placement, no order of messages and no link changes a bit of a loss or its gradient', {
  timeout: 120_000,
}, async () => {
  let moved = 0
  await fc.assert(
    fc.asyncProperty(placed, async ([{ network, seed, trials }, placement, order]) => {
      const whole = await lossesOf(await open(network, { seed }), trials)
      const deliver = shuffledDelivery(order)
      expectSameBits(await lossesOf(await open(network, { seed, placement, deliver }), trials), whole)
      const limits = { credits: 2, maxFrame: 1000 }
      expectSameBits(await lossesOf(await openLinked(network, placement, { seed, deliver, limits }), trials), whole)
      for (const result of whole.found)
        if ('inputTimes' in result && result.inputTimes.in!.some((slope) => slope !== 0)) moved++
    }),
    { numRuns: 5, seed: 6, endOnFailure: true },
  )
  expect(moved).toBeGreaterThan(10)
})
