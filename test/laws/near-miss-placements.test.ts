import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { built } from '../actors/built-cluster.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { casesOf } from '../support/cases-of.js'
import {
  BOTH_NEAR,
  nearMissCourse,
  nearMissNetwork,
  nearMissStep,
  nearMissTrials,
} from '../support/near-miss-course.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { shuffledDelivery } from '../support/shuffled-delivery.js'

const TRIALS = nearMissTrials(11)

const KINDS = [
  ['reference', 'own'],
  ['simd', 'shared'],
  ['simd', 'mixed'],
] as const

describe.each(KINDS)('near misses on the %s kernel, %s delays', (kernel, delays) => {
  const network = nearMissNetwork(delays)
  const options = { seed: 0, kernel }

  test('of either layer change what is learned, and never the first step forward', async () => {
    const { a, b } = BOTH_NEAR
    const courses = []
    for (const nearMiss of [{}, { a }, { b }, { a, b }])
      courses.push(await nearMissCourse(await open(network, options), TRIALS, nearMissStep(nearMiss)))
    const first = courses.map(({ steps }) => steps[0]!)
    for (const { losses } of first) expect(losses).toEqual(first[0]!.losses)
    expect(new Set(first.map(({ gradientNorm }) => gradientNorm)).size).toBe(courses.length)
    const weights = courses.map(({ state }) => state.parameters.projections['in->a']!.weights[0])
    expect(new Set(weights).size).toBe(courses.length)
  })

  test('no placement, no order of messages and no link changes a bit', async () => {
    const whole = await nearMissCourse(await open(network, options), TRIALS)
    await fc.assert(
      fc.asyncProperty(arbitraryPlacement(network, 3, ['a', 'b']), fc.nat(), async (placement, order) => {
        const deliver = shuffledDelivery(order)
        const placed = await open(network, { ...options, placement, deliver })
        expectSameBits(await nearMissCourse(placed, TRIALS), whole)
        const limits = { credits: 2, maxFrame: 1000 }
        const linked = await openLinked(network, placement, { ...options, deliver, limits })
        expectSameBits(await nearMissCourse(linked, TRIALS), whole)
      }),
      { numRuns: casesOf({ short: 3, long: 30 }), seed: 2, endOnFailure: true },
    )
  })
})

describe.each([
  ['reference', 'own'],
  ['simd', 'mixed'],
] as const)('near misses on the %s kernel, %s delays', (kernel, delays) => {
  const network = nearMissNetwork(delays)
  const options = { seed: 0, kernel }
  const alone = open(network, options).then((session) => nearMissCourse(session, TRIALS))

  test.each(
    (['thread', 'websocket'] as const).flatMap((transport) => [1, 2, 4].map((cores) => [transport, cores] as const)),
  )('no bit changes over %s on a core each for %i parts', async (transport, cores) => {
    const cluster = await built.openCluster(network, placeOnCores(network, cores), { ...options, transport })
    expect(cluster.workers).toHaveLength(cores)
    expectSameBits(await nearMissCourse(cluster, TRIALS), await alone)
  })
})

describe.each(['shared', 'mixed'] as const)('near misses on the simd kernel, %s delays', (delays) => {
  const network = nearMissNetwork(delays)

  test('micro-batches change no bit', async () => {
    const cases = fc.record({
      count: fc.integer({ min: 9, max: 29 }),
      microBatch: fc.constantFrom(8, 8, 16),
      placement: arbitraryPlacement(network, 4, ['a', 'b']),
      credits: fc.constantFrom(2, 8),
      order: fc.nat(),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ count, microBatch, placement, credits, order }) => {
        const trials = nearMissTrials(count)
        const whole = await nearMissCourse(await open(network, { seed: 0 }), trials)
        const parts = { limits: { credits }, deliver: shuffledDelivery(order), microBatchOf: () => microBatch }
        const cut = await openLinked(network, placement, { seed: 0, ...parts })
        expectSameBits(await nearMissCourse(cut, trials), whole)
      }),
      { numRuns: casesOf({ short: 4, long: 30 }), seed: 3, endOnFailure: true },
    )
  })

  test.each(['thread', 'websocket'] as const)('neither do they between two cores over %s', async (transport) => {
    const trials = nearMissTrials(20)
    const whole = await nearMissCourse(await open(network, { seed: 0 }), trials)
    const options = { seed: 0, transport, microBatch: 8 }
    const cluster = await built.openCluster(network, placeOnCores(network, 2), options)
    expectSameBits(await nearMissCourse(cluster, trials), whole)
  })

  test.each([2, 3, 4])('neither do %i threads of a kernel, on one core or several', async (threads) => {
    const trials = nearMissTrials(20)
    const whole = await nearMissCourse(await open(network, { seed: 0 }), trials)
    for (const placed of [{}, { placement: placeOnCores(network, 3) }]) {
      const session = await built.open(network, { seed: 0, threads, ...placed })
      // By then the threads are up on most machines; who comes late takes part late.
      await sleep(80)
      expectSameBits(await nearMissCourse(session, trials), whole)
    }
  })
})
