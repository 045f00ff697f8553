import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { built } from '../actors/built-cluster.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { casesOf, isLong } from '../support/cases-of.js'
import {
  BOTH_NEAR,
  type NearMissDelays,
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

/** By kind, so that it runs once. */
const coursesAlone = new Map<string, ReturnType<typeof nearMissCourse>>()

/** The course on one core. */
function courseAlone(kernel: KernelKind, delays: NearMissDelays, count = TRIALS.count) {
  const kind = [kernel, delays, count].join()
  const alone =
    coursesAlone.get(kind) ?? openAlone(kernel, delays).then((session) => nearMissCourse(session, trialsOf(count)))
  coursesAlone.set(kind, alone)
  return alone
}

const openAlone = (kernel: KernelKind, delays: NearMissDelays) => open(nearMissNetwork(delays), { seed: 0, kernel })
const trialsOf = (count: number) => (count === TRIALS.count ? TRIALS : nearMissTrials(count))

describe.each(KINDS)('near misses on the %s kernel, %s delays', (kernel, delays) => {
  const network = nearMissNetwork(delays)
  const options = { seed: 0, kernel }

  test('of either layer change what is learned, and never the first step forward', async () => {
    const { a, b } = BOTH_NEAR
    const courses = []
    for (const nearMiss of [{}, { a }, { b }])
      courses.push(await nearMissCourse(await open(network, options), TRIALS, nearMissStep(nearMiss)))
    courses.push(await courseAlone(kernel, delays))
    const first = courses.map(({ steps }) => steps[0]!)
    for (const { losses } of first) expect(losses).toEqual(first[0]!.losses)
    expect(new Set(first.map(({ gradientNorm }) => gradientNorm)).size).toBe(courses.length)
    const weights = courses.map(({ state }) => state.parameters.projections['in->a']!.weights[0])
    expect(new Set(weights).size).toBe(courses.length)
  })

  test('no placement, no order of messages and no link changes a bit', async () => {
    const whole = await courseAlone(kernel, delays)
    await fc.assert(
      fc.asyncProperty(arbitraryPlacement(network, 3, ['a', 'b']), fc.nat(), async (placement, order) => {
        const deliver = shuffledDelivery(order)
        const placed = await open(network, { ...options, placement, deliver })
        expectSameBits(await nearMissCourse(placed, TRIALS), whole)
        const limits = { credits: 2, maxFrame: 1000 }
        const linked = await openLinked(network, placement, { ...options, deliver, limits })
        expectSameBits(await nearMissCourse(linked, TRIALS), whole)
      }),
      { numRuns: casesOf({ short: 1, long: 30 }), seed: 2, endOnFailure: true },
    )
  })
})

const WAYS = (['thread', 'websocket'] as const).flatMap((transport) =>
  ([1, 2, 4] as const).flatMap((cores) => [
    { transport, cores, kernel: 'reference', delays: 'own' } as const,
    { transport, cores, kernel: 'simd', delays: 'mixed' } as const,
  ]),
)

/** In short, two that differ in everything. */
test.each(isLong() ? WAYS : [WAYS[8]!, WAYS[5]!])(
  'no bit of near misses changes over $transport on $cores cores, on the $kernel kernel with $delays delays',
  async ({ transport, cores, kernel, delays }) => {
    const network = nearMissNetwork(delays)
    const cluster = await built.openCluster(network, placeOnCores(network, cores), { seed: 0, kernel, transport })
    expect(cluster.workers).toHaveLength(cores)
    expectSameBits(await nearMissCourse(cluster, TRIALS), await courseAlone(kernel, delays))
  },
)

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
        const parts = { limits: { credits }, deliver: shuffledDelivery(order), microBatchOf: () => microBatch }
        const cut = await openLinked(network, placement, { seed: 0, ...parts })
        expectSameBits(await nearMissCourse(cut, trialsOf(count)), await courseAlone('simd', delays, count))
      }),
      { numRuns: casesOf({ short: 2, long: 30 }), seed: 3, endOnFailure: true },
    )
  })

  /** In short, over a cluster for one kind of delays, and in threads of a kernel for each. */
  const transports = (['thread', 'websocket'] as const).slice(0, isLong() ? 2 : Number(delays === 'shared'))
  test.each(transports)('neither do they between two cores over %s', async (transport) => {
    const options = { seed: 0, transport, microBatch: 8 } as const
    const cluster = await built.openCluster(network, placeOnCores(network, 2), options)
    expectSameBits(await nearMissCourse(cluster, trialsOf(20)), await courseAlone('simd', delays, 20))
  })

  const placement = placeOnCores(network, 3)
  const all = [2, 3, 4].flatMap((threads) => [{ threads }, { threads, placement }])
  const drawn = delays === 'shared' ? [{ threads: 2, placement }] : [{ threads: 3 }]
  test.each(isLong() ? all : drawn)(
    'neither do $threads threads of a kernel, on one core or several',
    async (parts) => {
      const session = await built.open(network, { seed: 0, ...parts })
      // By then the threads are up on most machines; who comes late takes part late.
      await sleep(80)
      expectSameBits(await nearMissCourse(session, trialsOf(20)), await courseAlone('simd', delays, 20))
    },
  )
})
