import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { casesOf } from '../support/cases-of.js'
import { courseOf } from '../support/course-of.js'
import { cutNetworkCase, denseNetworkCase } from '../support/cut-network-case.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { shuffledDelivery } from '../support/shuffled-delivery.js'

const placed = fc.oneof(cutNetworkCase, denseNetworkCase).chain((sample) =>
  fc.record({
    sample: fc.constant(sample),
    placement: arbitraryPlacement(sample.network, 4),
    limits: fc.record({ credits: fc.constantFrom(2, 3, 8), maxFrame: fc.constantFrom(64, 1000, 1 << 20) }),
  }),
)

const SETTINGS = { numRuns: casesOf({ short: 4, long: 12 }), seed: 14, endOnFailure: true }

test('no placement, and no order of messages, changes a bit', async () => {
  const seen = { spikes: 0, cores: 0, moved: 0, recurrent: 0 }
  await fc.assert(
    fc.asyncProperty(placed, fc.nat(), async ({ sample, placement }, order) => {
      const { network, seed, trials } = sample
      const whole = await courseOf(await open(network, { seed }), trials)
      const deliver = shuffledDelivery(order)
      expectSameBits(await courseOf(await open(network, { seed, placement, deliver }), trials), whole)
      seen.spikes += whole.simulated.spikes.b!.times.length
      seen.cores += placement.cores.length
      seen.moved += whole.gradients.filter(({ inputTimes }) => inputTimes.in!.some((g) => g !== 0)).length
      if (sample.isRecurrent) seen.recurrent++
    }),
    SETTINGS,
  )
  expect(seen.spikes).toBeGreaterThan(10 * SETTINGS.numRuns)
  expect(seen.cores).toBeGreaterThan(2.5 * SETTINGS.numRuns)
  expect(seen.moved).toBeGreaterThan(1.5 * SETTINGS.numRuns)
  expect(seen.recurrent).toBeGreaterThan(SETTINGS.numRuns / 4)
})

test.each<KernelKind>(['simd', 'reference'])(
  'no placement changes a bit of what the %s kernel finds',
  async (kernel) => {
    let spikes = 0
    let others = 0
    const cases = denseNetworkCase.chain((sample) =>
      fc.tuple(fc.constant(sample), arbitraryPlacement(sample.network, 4)),
    )
    await fc.assert(
      fc.asyncProperty(cases, async ([{ network, seed, trials }, placement]) => {
        const whole = await courseOf(await open(network, { seed, kernel }), trials)
        expectSameBits(await courseOf(await open(network, { seed, kernel, placement }), trials), whole)
        spikes += whole.simulated.spikes.b!.times.length
        // The other kernel would have found other bits.
        const other = await open(network, { seed, kernel: kernel === 'simd' ? 'reference' : 'simd' })
        const { spikes: found } = await other.simulate(trials, { record: ['a'] })
        await other.close()
        if (found.a!.times.some((time, k) => time !== whole.simulated.spikes.a!.times[k])) others++
      }),
      { ...SETTINGS, numRuns: casesOf({ short: 3, long: 8 }), seed: 15 },
    )
    expect(spikes).toBeGreaterThan(casesOf({ short: 30, long: 80 }))
    expect(others).toBeGreaterThan(0)
  },
)

test('nor do frames, fragments and credits in between', async () => {
  const seen = { messages: 0, recurrent: 0 }
  await fc.assert(
    fc.asyncProperty(placed, fc.nat(), async ({ sample, placement, limits }, order) => {
      const { network, seed, trials } = sample
      const whole = await courseOf(await open(network, { seed }), trials)
      const session = await openLinked(network, placement, { seed, deliver: shuffledDelivery(order), limits })
      expectSameBits(await courseOf(session, trials), whole)
      seen.messages += session.links.reduce((sum, { sent }) => sum + sent.messages, 0)
      if (sample.isRecurrent) seen.recurrent++
    }),
    SETTINGS,
  )
  expect(seen.messages).toBeGreaterThan(100 * SETTINGS.numRuns)
  expect(seen.recurrent).toBeGreaterThan(SETTINGS.numRuns / 4)
})
