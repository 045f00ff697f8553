import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { built } from '../actors/built-cluster.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { casesOf } from '../support/cases-of.js'
import { courseOf } from '../support/course-of.js'
import { cutNetworkCase } from '../support/cut-network-case.js'
import { expectSameBits } from '../support/same-bits.js'

const threaded = cutNetworkCase.chain((sample) =>
  fc.record({
    sample: fc.constant(sample),
    placement: arbitraryPlacement(sample.network, 3),
    threads: fc.integer({ min: 2, max: 4 }),
  }),
)

/** By then the threads are up on most machines; whoever comes late takes part late, and no bit depends on it. */
const START = 80

test('no number of threads changes a bit, on one core or several', async () => {
  const numRuns = casesOf({ short: 3, long: 12 })
  const seen = { spikes: 0, cores: 0 }
  await fc.assert(
    fc.asyncProperty(threaded, async ({ sample, placement, threads }) => {
      const { network, seed, trials } = sample
      const alone = await courseOf(await built.open(network, { seed }), trials)
      for (const options of [{}, { placement }]) {
        const session = await built.open(network, { seed, threads, ...options })
        await sleep(START)
        expectSameBits(await courseOf(session, trials), alone)
      }
      seen.spikes += alone.simulated.spikes.b!.times.length
      seen.cores += placement.cores.length
    }),
    { numRuns, seed: 5, endOnFailure: true },
  )
  expect(seen.spikes).toBeGreaterThan(8 * numRuns)
  expect(seen.cores).toBeGreaterThan(numRuns)
})
