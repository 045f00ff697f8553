import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { built } from '../actors/built-cluster.js'
import { withArbitraryLatencies } from '../support/arbitrary-latencies.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { casesOf } from '../support/cases-of.js'
import { courseOf } from '../support/course-of.js'
import { cutNetworkCase, denseNetworkCase } from '../support/cut-network-case.js'
import { expectSameBits } from '../support/same-bits.js'

const placed = fc.oneof(cutNetworkCase, denseNetworkCase).chain((sample) => {
  const placement = arbitraryPlacement(sample.network, 3).chain((each) => {
    return fc.oneof(fc.constant(each), withArbitraryLatencies(sample.network, each))
  })
  return fc.record({ sample: fc.constant(sample), placement })
})

const TRANSPORTS = ['thread', 'websocket', 'unix'] as const

test('any network on any cores over any transport has the bits of one process', async () => {
  const numRuns = casesOf({ short: 3, long: 42 })
  const seen = { cases: 0, messages: 0, recurrent: 0, late: 0 }
  await fc.assert(
    fc.asyncProperty(placed, async ({ sample, placement }) => {
      const { network, seed, trials } = sample
      const transport = TRANSPORTS[seen.cases++ % TRANSPORTS.length]!
      const cluster = await built.openCluster(network, placement, { seed, transport })
      const before = cluster.close
      let sent = 0
      const close = async () => {
        sent = (await cluster.traffic()).reduce((sum, link) => sum + link.sent.messages, 0)
        await before()
      }
      const found = await courseOf({ ...cluster, close }, trials)
      const own = placement.latencies === undefined ? {} : { placement }
      expectSameBits(found, await courseOf(await open(network, { seed, ...own }), trials))
      if (placement.latencies !== undefined) seen.late++
      seen.messages += sent
      if (sample.isRecurrent) seen.recurrent++
    }),
    { numRuns, seed: 8, endOnFailure: true },
  )
  expect(seen.messages).toBeGreaterThan(50 * numRuns)
  expect(seen.recurrent).toBeGreaterThan(0)
  expect(seen.late).toBeGreaterThan(0)
})
