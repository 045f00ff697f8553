import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { liIntegral } from '../../src/learning/define-loss.js'
import type { LabelledTrials } from '../../src/learning/session.js'
import { step } from '../actors/small-networks.js'
import { withArbitraryLatencies } from '../support/arbitrary-latencies.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { casesOf } from '../support/cases-of.js'
import { courseOf } from '../support/course-of.js'
import { denseNetworkCase } from '../support/cut-network-case.js'
import { openLinked } from '../support/open-linked.js'
import { repeatTrains } from '../support/repeat-trains.js'
import { expectSameBits } from '../support/same-bits.js'
import { shuffledDelivery } from '../support/shuffled-delivery.js'

const SETTINGS = { numRuns: casesOf({ short: 4, long: 15 }), seed: 15, endOnFailure: true }

const cases = fc
  .record({ sample: denseNetworkCase, count: fc.integer({ min: 9, max: 29 }), size: fc.constantFrom(8, 8, 16) })
  .chain(({ sample, count, size }) =>
    fc.record({
      sample: fc.constant({ ...sample, trials: withTrials(sample.trials, count) }),
      microBatch: fc.constant(size),
      placement: arbitraryPlacement(sample.network, 4, ['a']).chain((each) => {
        return fc.oneof(fc.constant(each), withArbitraryLatencies(sample.network, each))
      }),
      credits: fc.constantFrom(2, 8),
      order: fc.nat(),
    }),
  )

/** Trials that are no two alike, in one micro-batch or another. */
function withTrials(trials: LabelledTrials, count: number): LabelledTrials {
  const { inputs, labels } = trials
  const given = Array.from(labels as ArrayLike<number>)
  return {
    ...trials,
    count,
    inputs: { in: driftingTrains(repeatTrains(inputs.in!, count)) },
    labels: Uint8Array.from({ length: count }, (_, trial) => given[(trial + Math.floor(trial / 8)) % given.length]!),
  }
}

/** Every trial a little later than the one before. */
function driftingTrains({ offsets, times, units }: SpikeTrains): SpikeTrains {
  const trialOf = (k: number) => offsets.findLastIndex((offset) => offset <= k)
  return { offsets, times: times.map((time, k) => time + 0.01 * trialOf(k)), units }
}

const INTEGRAL = step({ loss: liIntegral('r'), rates: { weights: 0.01, taus: 0.1 } })

test('micro-batches change no bit, wherever layers live and whatever comes first', async () => {
  const seen = { spikes: 0, cores: 0, late: 0 }
  await fc.assert(
    fc.asyncProperty(cases, async ({ sample, placement, microBatch, credits, order }) => {
      const { network, seed, trials } = sample
      const own = placement.latencies === undefined ? {} : { placement }
      const whole = await open(network, { seed, ...own })
      const deliver = shuffledDelivery(order)
      const parts = { limits: { credits }, deliver, microBatchOf: () => microBatch }
      const cut = await openLinked(network, placement, { seed, ...parts })
      for (const session of [whole, cut]) await session.train(trials, INTEGRAL)
      const expected = await courseOf(whole, trials)
      expectSameBits(await courseOf(cut, trials), expected)
      seen.spikes += expected.simulated.spikes.b!.times.length
      seen.cores += placement.cores.length
      if (placement.latencies !== undefined) seen.late++
    }),
    SETTINGS,
  )
  expect(seen.spikes).toBeGreaterThan(10 * SETTINGS.numRuns)
  expect(seen.cores).toBeGreaterThan(2 * SETTINGS.numRuns)
  expect(seen.late).toBeGreaterThan(0)
})
