import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { balancedNetwork } from '../../src/data/balanced.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { placementOf } from '../../src/hardware/define-placement.js'
import type { Placement } from '../../src/hardware/placement.js'
import { placementHash } from '../../src/hardware/placement-hash.js'
import type { NoiseOptions } from '../../src/learning/noise/device-noise.js'
import type { LabelledTrials } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import type { Network } from '../../src/network/description/network.js'
import { type ConnectOptions, connect, dense, perSynapse } from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { trainsOf } from '../learning/trains.js'
import { between } from '../support/arbitraries.js'
import { withArbitraryLatencies } from '../support/arbitrary-latencies.js'
import { arbitraryPlacement } from '../support/arbitrary-placement.js'
import { casesOf } from '../support/cases-of.js'
import { courseOf } from '../support/course-of.js'
import { cutNetworkCase, denseNetworkCase } from '../support/cut-network-case.js'
import { noisySession } from '../support/noisy-session.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { shuffledDelivery } from '../support/shuffled-delivery.js'
import { joinedTrains, streamed } from '../support/streamed.js'

const SETTINGS = { numRuns: casesOf({ short: 3, long: 20 }), seed: 174, endOnFailure: true }
/** For large networks of one trial. */
const LARGE = { ...SETTINGS, numRuns: casesOf({ short: 1, long: 20 }) }

describe('with latencies between cores', () => {
  const placed = fc
    .oneof({ weight: 3, arbitrary: cutNetworkCase }, { weight: 1, arbitrary: denseNetworkCase })
    .chain((sample) =>
      fc.record({
        sample: fc.constant(sample),
        placement: arbitraryPlacement(sample.network, 4, ['a']).chain((each) =>
          withArbitraryLatencies(sample.network, each),
        ),
        limits: fc.record({ credits: fc.constantFrom(2, 3, 8), maxFrame: fc.constantFrom(64, 1000, 1 << 20) }),
      }),
    )

  test('a placement has its bits however it runs, and they are its own', async () => {
    const seen = { spikes: 0, changed: 0, recurrent: 0 }
    await fc.assert(
      fc.asyncProperty(placed, fc.nat(), async ({ sample, placement, limits }, order) => {
        const { network, seed, trials, isRecurrent } = sample
        const local = await courseOf(await open(network, { seed, placement }), trials)
        const deliver = shuffledDelivery(order)
        expectSameBits(await courseOf(await open(network, { seed, placement, deliver }), trials), local)
        expectSameBits(await courseOf(await openLinked(network, placement, { seed, ...limits }), trials), local)
        const noise: NoiseOptions = {
          noise: { seed, jitter: 0.2, spikeLoss: { in: 0.05 }, weightBits: 8 },
          draw: order % 100,
        }
        const noisy = await courseOf(noisySession(await open(network, { seed, placement }), noise), trials)
        const linked = await openLinked(network, placement, { seed, ...limits, deliver })
        expectSameBits(await courseOf(noisySession(linked, noise), trials), noisy)
        const { latencies: _, ...early } = placement
        const without = await courseOf(await open(network, { seed, placement: early }), trials)
        expect(placementHash(early)).not.toBe(placementHash(placement))
        seen.spikes += local.simulated.spikes.b!.times.length
        if (without.simulated.spikes.a!.times.some((time, k) => time !== local.simulated.spikes.a!.times[k]))
          seen.changed++
        if (isRecurrent) seen.recurrent++
      }),
      SETTINGS,
    )
    expect(seen.spikes).toBeGreaterThan(8 * SETTINGS.numRuns)
    expect(seen.changed).toBeGreaterThan(SETTINGS.numRuns / 2)
    expect(seen.recurrent).toBeGreaterThan(0)
  })
})

/** Groups in, a, b, r without delays, but for those of the options. */
interface Plain {
  readonly weights: Readonly<Record<string, readonly (readonly number[])[]>>
  readonly trials: LabelledTrials
}

const SIZES = { in: 40, a: 70, b: 40, r: 34 } as const
type Name = keyof typeof SIZES
const WAYS: readonly (readonly [Name, Name, number])[] = [
  ['in', 'a', 5],
  ['a', 'b', 1.5],
  ['in', 'b', 1],
  ['b', 'r', 0.2],
]

const plain: fc.Arbitrary<Plain> = fc.record({
  weights: fc
    .tuple(
      ...WAYS.map(([from, to, most]) => {
        const row = fc.array(between(-most / 4, most), { minLength: SIZES[from], maxLength: SIZES[from], size: 'max' })
        return fc.array(row, { minLength: SIZES[to], maxLength: SIZES[to], size: 'max' })
      }),
    )
    .map((matrices) => Object.fromEntries(WAYS.map(([from, to], k) => [`${from}->${to}`, matrices[k]!]))),
  trials: fc
    .array(fc.record({ time: between(0, 12), unit: fc.nat(39) }), { minLength: 10, maxLength: 16, size: 'max' })
    .map((spikes) => ({
      count: 1,
      until: 24,
      inputs: { in: trainsOf([spikes]) },
      labels: Uint8Array.of(2),
    })),
})

function networkOf({ weights }: Plain, options: (from: Name, to: Name) => ConnectOptions): Network {
  const neurons = { tauMem: 20, tauSyn: 5, threshold: 1 }
  return defineNetwork({
    groups: {
      in: source(SIZES.in),
      a: lif(SIZES.a, neurons),
      b: lif(SIZES.b, neurons),
      r: li(SIZES.r, { tauMem: 20, tauSyn: 5 }),
    },
    projections: WAYS.map(([from, to]) => connect(from, to, dense(weights[`${from}->${to}`]!), options(from, to))),
  })
}

test('latencies are delays that nobody learns: the bits of synapses that have them, on one core', async () => {
  let [spikes, moved] = [0, 0]
  const cases = plain.chain((given) => {
    const network = networkOf(given, () => ({}))
    return fc.record({
      given: fc.constant(given),
      network: fc.constant(network),
      placement: arbitraryPlacement(network, 4, ['in', 'a']).chain((each) => withArbitraryLatencies(network, each)),
    })
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ given, network, placement }) => {
      const { cores, latencies } = placement
      const coreOf = (name: Name, unit: number) =>
        cores.find(({ slices }) => slices.some((s) => s.group === name && s.start <= unit && unit < s.end))!.core
      const delayed = networkOf(given, (from, to) => ({
        delay: perSynapse(
          Array.from({ length: SIZES[to] }, (_, t) =>
            Array.from({ length: SIZES[from] }, (_, s) => latencies![coreOf(from, s)]![coreOf(to, t)]!),
          ),
        ),
      }))
      const results = []
      for (const session of [
        await open(network, { kernel: 'reference', placement }),
        await open(delayed, { kernel: 'reference' }),
      ]) {
        const { spikes, maxima } = await session.simulate(given.trials, { record: ['a', 'b', 'r'] })
        const loss = { kind: 'firstSpike', group: 'b', tau0: 0.5, alpha: 0.003, tau1: 6.4 } as const
        const { gradients, inputTimes, losses } = await session.gradient(given.trials, loss, given.trials.labels)
        const weights = Object.entries(gradients.projections).map(([key, of]) => [key, of.weights])
        results.push({ spikes, maxima, inputTimes, losses, weights, groups: gradients.groups })
        await session.close()
      }
      expectSameBits(results[0], results[1])
      spikes += results[0]!.spikes.b!.times.length
      moved += results[0]!.inputTimes.in!.filter((each) => each !== 0).length
    }),
    LARGE,
  )
  expect(spikes).toBeGreaterThan(10 * LARGE.numRuns)
  expect(moved).toBeGreaterThan(3 * LARGE.numRuns)
})

test('kernels that add up what arrives find what synapses with such delays do, too', async () => {
  let spikes = 0
  const cases = plain.chain((given) => {
    const network = networkOf(given, () => ({ delay: 0.5 }))
    const placement = arbitraryPlacement(network, 4, ['in', 'a'])
    return fc.record({ network: fc.constant(network), given: fc.constant(given), placement }).chain((each) => {
      return withArbitraryLatencies(network, each.placement).map((placement) => ({ ...each, placement }))
    })
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ given: { trials }, network, placement }) => {
      const [simd, reference] = await Promise.all(
        (['simd', 'reference'] as const).map(async (kernel) => {
          await using session = await open(network, { kernel, placement })
          const loss = { kind: 'vMax', group: 'r' } as const
          const { recording, inputTimes } = await session.gradient(trials, loss, trials.labels)
          return { ...recording, inputTimes }
        }),
      )
      for (const name of ['a', 'b']) {
        expect(simd!.spikes[name]!.units).toEqual(reference!.spikes[name]!.units)
        expectClose(simd!.spikes[name]!.times, reference!.spikes[name]!.times)
      }
      expectClose(simd!.inputTimes.in!, reference!.inputTimes.in!)
      spikes += simd!.spikes.a!.times.length
    }),
    LARGE,
  )
  expect(spikes).toBeGreaterThan(10 * LARGE.numRuns)
})

function expectClose(actual: Float64Array, expected: Float64Array): void {
  expect(actual).toHaveLength(expected.length)
  actual.forEach((value, k) => {
    expect(value).toBeCloseTo(expected[k]!, 9)
  })
}

test('large sparse groups hear late as well, in streams and in parts of them', async () => {
  const network = balancedNetwork({ neurons: 1000, inDegree: 100 })
  const [record, until, seed] = [['exc', 'inh'], 12, 3]
  const placements = arbitraryPlacement(network, 3).chain((each) => withArbitraryLatencies(network, each))
  const spikesOf = async (placement: Placement, kernel: KernelKind) => {
    await using session = await open(network, { seed, placement, kernel })
    return (await session.simulate({ count: 1, until, inputs: {} }, { record })).spikes
  }
  let held = 0
  await fc.assert(
    fc.asyncProperty(placements, fc.integer({ min: 1, max: 4 }), async (placement, stop) => {
      const expected = await spikesOf(placement, 'simd')
      const other = await spikesOf(placement, 'reference')
      expectClose(expected.exc!.times, other.exc!.times)
      expect(expected.exc!.units).toEqual(other.exc!.units)
      await using linked = await openLinked(network, placement, { seed })
      expectSameBits((await streamed(linked, { record, until, segment: 3.1 })).spikes, expected)
      const part = await streamed(linked, { record, until, segment: 2.2 }, stop)
      const rest = await streamed(linked, { record, until, segment: 1.7, from: part.state! })
      const halves = record.map((name) => [name, [part.spikes[name]!, rest.spikes[name]!]] as const)
      expectSameBits(joinedTrains(Object.fromEntries(halves)), expected)
      const { chipPlacement, ...timeless } = part.state!
      expect(chipPlacement).toBe(placementHash(placement))
      const moved = (from: object) => expect(() => linked.stream({ until, from: from as never }))
      moved(timeless).toThrow(expect.objectContaining({ code: 'STATE_PLACEMENT' }))
      const details = { field: 'options.from.chipPlacement', expected: expect.stringContaining(chipPlacement!) }
      moved({ ...timeless, chipPlacement: 'another' }).toThrow(
        expect.objectContaining({ code: 'STATE_PLACEMENT', details: expect.objectContaining(details) }),
      )
      held += Object.values(part.state!.inFlight).reduce((sum, { times }) => sum + times.length, 0)
    }),
    { ...SETTINGS, numRuns: casesOf({ short: 1, long: 10 }) },
  )
  expect(held).toBeGreaterThan(casesOf({ short: 30, long: 100 }))
})

describe('a cycle over two chips, 1.3 ms apart', () => {
  const neurons = { tauMem: 20, tauSyn: 5, threshold: 1 }
  const networkWith = (delay: number, back: boolean) =>
    defineNetwork({
      groups: { in: source(1), a: lif(1, neurons), b: lif(1, neurons) },
      projections: [
        connect('in', 'a', dense(12)),
        connect('a', 'b', dense(8), { delay }),
        ...(back ? [connect('b', 'a', dense(1e-9), { delay })] : []),
      ],
    })
  const apart = (network: Network) =>
    placementOf(network, [[whole('in'), whole('a')], [whole('b')]], undefined, [
      [0, 1.3],
      [1.3, 0],
    ])
  const whole = (group: string) => ({ group, start: 0, end: 1 })

  test('jitters as a way that leads nowhere back', async () => {
    const count = 200
    const inputs = { in: trainsOf(Array.from({ length: count }, () => [{ time: 1, unit: 0 }])) }
    const firstSpikes = async (back: boolean, noise: NoiseOptions) => {
      const network = networkWith(0, back)
      await using session = await open(network, { placement: apart(network) })
      const { offsets, times } = (await session.simulate({ count, until: 30, inputs }, noise)).spikes.b!
      return Float64Array.from({ length: count }, (_, trial) => times[offsets[trial]!]!)
    }
    const noise = { noise: { seed: 4, jitter: { 'a->b': 0.05 } } }
    const [calm, cycle, way] = [
      await firstSpikes(true, {}),
      await firstSpikes(true, noise),
      await firstSpikes(false, noise),
    ]
    expectClose(cycle, way)
    const early = cycle.filter((time, trial) => time < calm[trial]! - 1e-9).length
    expect(early).toBeGreaterThan(count / 3)
    expect(early).toBeLessThan((2 * count) / 3)
  })

  test('may be given delays of 0, for its latencies keep it going', async () => {
    const [slow, quick] = [networkWith(1, true), networkWith(0, true)]
    const trials = { count: 1, until: 30, inputs: { in: trainsOf([[{ time: 1, unit: 0 }]]) } }
    await using session = await open(slow, { placement: apart(slow) })
    await using other = await open(quick, { placement: apart(quick) })
    const given = await session.parameters()
    const noDelay = (name: 'a->b' | 'b->a') => ({ ...given.projections[name]!, delays: new Float64Array(1) })
    const projections = { ...given.projections, 'a->b': noDelay('a->b'), 'b->a': noDelay('b->a') }
    await session.setParameters({ ...given, projections })
    expectSameBits((await session.simulate(trials)).spikes, (await other.simulate(trials)).spikes)
    await using near = await open(slow)
    await expect(near.setParameters({ ...given, projections })).rejects.toMatchObject({ code: 'DELAY_CYCLE' })
  })
})
