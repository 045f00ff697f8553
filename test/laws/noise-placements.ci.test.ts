import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { NoiseOptions } from '../../src/learning/noise/device-noise.js'
import { built, placement } from '../actors/built-cluster.js'
import { NETWORK, TRIALS } from '../actors/layered-network.js'
import { COUNT, LABELS, step } from '../actors/small-networks.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { casesOf, isLong } from '../support/cases-of.js'
import { courseOf } from '../support/course-of.js'
import { cutNetworkCase, denseNetworkCase } from '../support/cut-network-case.js'
import { noisySession } from '../support/noisy-session.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { shuffledDelivery } from '../support/shuffled-delivery.js'

/** Everything at once, on every group and on a way by itself. */
const noiseFor = (key: string, seed: number): NoiseOptions => ({
  noise: {
    seed,
    mismatch: seed % 2 === 0 ? 'fixed' : 'redrawn',
    jitter: { in: 0.3, a: 0.2, b: 0.05, [key]: 0.1 },
    spikeLoss: { in: 0.05, b: 0.1, [key]: 0.05 },
    readoutJitter: 0.2,
    weightMismatch: { relative: 0.1, absolute: 0.001 },
    thresholdMismatch: { relative: 0.02, absolute: 0.02 },
    delayMismatch: 0.05,
    weightBits: 8,
    ...(seed % 3 !== 2 ? { weightLevels: 50, thresholdBits: 6, delayMin: 0.25 } : {}),
    ...(seed % 4 !== 1 ? { tick: 0.5 } : {}),
    delayStep: 0.0625,
    delayMax: 3.5,
  },
  dropout: { seed, rates: { in: 0.1, a: 0.1 }, scale: 'inverted' },
  draw: seed,
})

const placed = fc
  .oneof(cutNetworkCase, denseNetworkCase)
  .chain((sample) =>
    fc.record({ sample: fc.constant(sample), placement: arbitraryPlacement(sample.network, 4), order: fc.nat() }),
  )

test('noise is the same on any placement, with any order of messages, and over links', async () => {
  const seen = { cores: 0, recurrent: 0, differences: 0 }
  const numRuns = casesOf({ short: 2, long: 10 })
  await fc.assert(
    fc.asyncProperty(placed, async ({ sample, placement, order }) => {
      const { network, seed, trials } = sample
      const noise = noiseFor(network.projections.at(-1)?.key ?? '', order % 1000)
      const whole = await courseOf(noisySession(await open(network, { seed }), noise), trials)
      const deliver = shuffledDelivery(order)
      const cut = await open(network, { seed, placement, deliver })
      expectSameBits(await courseOf(noisySession(cut, noise), trials), whole)
      const linked = await openLinked(network, placement, { seed, deliver: shuffledDelivery(order) })
      expectSameBits(await courseOf(noisySession(linked, noise), trials), whole)
      await using quiet = await open(network, { seed })
      const { losses } = await quiet.gradient(trials, { kind: 'spikeCount', group: 'a', tau: 20 }, trials.labels)
      if (losses.some((loss, trial) => loss !== whole.gradients[0]?.losses[trial])) seen.differences++
      seen.cores += placement.cores.length
      if (sample.isRecurrent) seen.recurrent++
    }),
    { numRuns, seed: 4, endOnFailure: true },
  )
  expect(seen.cores).toBeGreaterThan(2 * numRuns)
  expect(seen.recurrent).toBeGreaterThan(casesOf({ short: 0, long: 1 }))
  expect(seen.differences).toBeGreaterThan(numRuns / 2)
})

test.each([
  ...(isLong() ? [{ transport: 'thread', cores: 2, threads: 1 } as const] : []),
  { transport: 'websocket', cores: 2, threads: 1 },
  { transport: 'local', cores: 1, threads: 2 },
] as const)('and over $transport with $threads threads a core', async ({ transport, cores, threads }) => {
  const noise = { ...noiseFor('hidden->out', 7), dropout: { seed: 1, rates: { in: 0.1, hidden: 0.1 } } }
  const named = { jitter: { in: 0.3, hidden: 0.2 }, spikeLoss: { hidden: 0.1 } }
  const options = { ...noise, noise: { ...noise.noise, seed: 7, ...named } }
  const course = async (session: Awaited<ReturnType<typeof built.open>>) => {
    await using noisy = noisySession(session, options)
    const labelled = { ...TRIALS, labels: LABELS }
    return {
      gradient: await noisy.gradient(TRIALS, COUNT, LABELS),
      steps: [
        await noisy.train(labelled, step({ rates: { weights: 0.1, delays: 0.1 } })),
        await noisy.train(labelled, step({ rates: { weights: 0.1, delays: 0.1 } })),
      ],
      evaluated: await noisy.evaluate(labelled, COUNT),
      parameters: await noisy.parameters(),
    }
  }
  const alone = await course(await built.open(NETWORK, { seed: 7 }))
  const spread = await built.openCluster(NETWORK, placement(cores), { seed: 7, transport, threads })
  expectSameBits(await course(spread), alone)
  expect(alone.gradient.recording.spikes.out?.times.length).toBeGreaterThan(0)
})
