import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { joinTrials } from '../../src/events/join-trials.js'
import type { DeviceNoise } from '../../src/learning/noise/device-noise.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { poisson } from '../../src/network/description/emitting-sources.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import { connect, dense, fixedInDegree, oneToOne, perSynapse } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import { expectSameBits } from '../support/same-bits.js'
import { DROPPING, NOISY_LABELS, NOISY_TRIALS, noisyCycles, noisyLayers, ROUNDED } from './noisy-networks.js'
import { COUNT, oneNeuron, spikesAt, step } from './small-networks.js'

const LABELLED = { ...NOISY_TRIALS, labels: NOISY_LABELS }
const LEARN = step({ rates: { weights: 0.1, delays: 0.1, thresholds: 0.01 } })
const COUNT_A = { kind: 'spikeCount', group: 'a', tau: 20 } as const
const SPIKES = { count: 1, until: 100, inputs: { in: spikesAt(10, 60) } }

describe('jitter', () => {
  test('moves what a spike causes by as much as the spike, and recordings show the true one', async () => {
    await using session = await open(oneNeuron())
    const { spikes: quiet } = await session.simulate(SPIKES)
    const noise = { seed: 4, jitter: { in: 0.5 } }
    const { spikes } = await session.simulate(SPIKES, { noise, record: ['in', 'out'] })
    expect([...spikes.in!.times]).toEqual([10, 60])
    expect(spikes.out!.times).toHaveLength(quiet.out!.times.length)
    const shifts = Array.from(spikes.out!.times, (time, k) => time - quiet.out!.times[k]!)
    const [first, second] = [shifts[0]!, shifts.at(-1)!]
    expect(Math.abs(first)).toBeGreaterThan(1e-3)
    expect(Math.abs(first)).toBeLessThan(8.3 * 0.5)
    // All that the first spike caused moved together.
    for (const [k, time] of quiet.out!.times.entries()) if (time < 55) expect(shifts[k]).toBeCloseTo(first, 9)
    expect(second).not.toBeCloseTo(first, 3)
  })

  test('into a cycle whose neurons have arrivals of their own leaves gradients what they are', async () => {
    const own = { delay: perSynapse(uniform(0, 3)) }
    const network = defineNetwork({
      groups: { in: source(6), a: lif(4, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
      projections: [
        connect('in', 'a', dense(normal(3, 1)), own),
        connect('a', 'a', dense(normal(0.5, 0.2)), { delay: perSynapse(uniform(0.5, 1)) }),
      ],
    })
    const trials = (from: number) => spikesAt(...Array.from({ length: 12 }, (_, k) => from + k / 4))
    const inputs = { in: joinTrials(3, [trials(0), trials(0.1), trials(0.2)]) }
    const noise = { seed: 1, jitter: { in: 0.3 } }
    const gradientOn = async (kernel: 'simd' | 'reference') => {
      await using session = await open(network, { seed: 2, kernel })
      const labels = Uint8Array.of(0, 1, 2)
      const { gradients } = await session.gradient({ count: 3, until: 12, inputs }, COUNT_A, labels, { noise })
      return Object.values(gradients.projections).flatMap(({ weights, delays }) => [...weights, ...delays])
    }
    const [found, expected] = [await gradientOn('simd'), await gradientOn('reference')]
    const largest = Math.max(...expected.map(Math.abs))
    expect(largest).toBeGreaterThan(1e-3)
    for (const [k, value] of found.entries()) expect(Math.abs(value - expected[k]!)).toBeLessThan(1e-10 * largest)
  })

  test('on a cycle leaves no shifts to a stream after it, also where nothing arrives at first', async () => {
    const network = defineNetwork({
      groups: {
        in: source(6),
        drive: poisson(35, { rate: 100 }),
        a: lif(35, { tauMem: 20, tauSyn: 5, threshold: uniform(0.9, 1.2), refractory: 2 }),
      },
      projections: [
        connect('in', 'a', dense(normal(3, 2)), { delay: perSynapse(uniform(0, 3)) }),
        connect('drive', 'a', oneToOne(0.5), { delay: 1 }),
        connect('a', 'a', dense(normal(-0.05, 0.05))),
      ],
    })
    const inputs = { in: spikesAt(...Array.from({ length: 12 }, (_, k) => 1 + k / 2)) }
    await using used = await open(network, { seed: 2 })
    await used.simulate({ count: 1, until: 12, inputs }, { noise: { seed: 1, jitter: { a: 0.2 } } })
    await using fresh = await open(network, { seed: 2 })
    const streamOf = async (session: typeof used) => {
      const spikes: number[] = []
      const stream = session.stream({ until: 12, inputs, segment: 4 })
      stream.spikes$.subscribe(({ times, units }) => void spikes.push(...times, ...units))
      await stream.done
      return spikes
    }
    expect(await streamOf(used)).toEqual(await streamOf(fresh))
  })

  test('of a group is the same on all ways out of it, of a projection its own', async () => {
    const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
    const twins = defineNetwork({
      groups: { in: source(1), a: lif(1, LIF), b: lif(1, LIF) },
      projections: [connect('in', 'a', dense(8)), connect('in', 'b', dense(8))],
    })
    await using session = await open(twins)
    const timesUnder = async (noise: Omit<DeviceNoise, 'seed'>) => {
      const { spikes } = await session.simulate(SPIKES, { noise: { seed: 1, ...noise } })
      return [spikes.a!.times, spikes.b!.times]
    }
    const [a, b] = await timesUnder({ jitter: { in: 0.5 } })
    expect(a).toEqual(b)
    const [c, d] = await timesUnder({ jitter: { 'in->a': 0.5 } })
    expect(c).not.toEqual(d)
    expect(d).toEqual((await timesUnder({}))[0])
  })

  test('of the readout moves what the loss sees, and no neuron', async () => {
    await using session = await open(noisyLayers(), { seed: 2 })
    const noise = { seed: 3, readoutJitter: 0.5 }
    expect((await session.simulate(NOISY_TRIALS, { noise })).spikes).toEqual(
      (await session.simulate(NOISY_TRIALS)).spikes,
    )
    const quiet = await session.evaluate(LABELLED, COUNT)
    expect((await session.evaluate(LABELLED, COUNT, { noise })).losses).not.toEqual(quiet.losses)
  })
})

describe('lost spikes', () => {
  test('cause nothing, have no gradient, and a certain loss silences all behind', async () => {
    await using session = await open(noisyLayers(), { seed: 2 })
    const noise = { seed: 3, spikeLoss: { in: 1 } }
    const { recording, inputTimes, gradients } = await session.gradient(NOISY_TRIALS, COUNT, NOISY_LABELS, { noise })
    expect(recording.spikes.hidden!.times).toHaveLength(0)
    expect(inputTimes.in).toEqual(new Float64Array(NOISY_TRIALS.inputs.in.times.length))
    expect(gradients.projections['in->hidden']!.weights.every((slope) => slope === 0)).toBe(true)
  })

  test('of dropout have gradient 0 while the others have one', async () => {
    await using session = await open(noisyLayers(), { seed: 2 })
    const quiet = await session.gradient(NOISY_TRIALS, COUNT, NOISY_LABELS)
    const dropout = { seed: 3, rates: { in: 0.5 } }
    const { inputTimes } = await session.gradient(NOISY_TRIALS, COUNT, NOISY_LABELS, { dropout })
    const zeros = (values: Float64Array) => values.filter((value) => value === 0).length
    const count = inputTimes.in!.length
    expect(zeros(inputTimes.in!)).toBeGreaterThan(zeros(quiet.inputTimes.in!) + count / 5)
    expect(zeros(inputTimes.in!)).toBeLessThan((4 * count) / 5)
  })
})

describe('a session', () => {
  test.each([noisyLayers(), noisyCycles()])(
    'keeps its exact parameters, and knows nothing of noise afterwards',
    async (network) => {
      await using session = await open(network, { seed: 2 })
      const before = await session.parameters()
      const quiet = await session.gradient(NOISY_TRIALS, COUNT, NOISY_LABELS)
      const noisy = await session.gradient(NOISY_TRIALS, COUNT, NOISY_LABELS, { noise: ROUNDED, ...DROPPING })
      expect(noisy.losses).not.toEqual(quiet.losses)
      expectSameBits(await session.parameters(), before)
      expectSameBits(await session.gradient(NOISY_TRIALS, COUNT, NOISY_LABELS), quiet)
    },
  )

  test('learns the exact parameters behind the noise by its gradient', async () => {
    const noise = { noise: ROUNDED, dropout: DROPPING.dropout, draw: DROPPING.draw }
    await using session = await open(noisyLayers(), { seed: 2 })
    const before = await session.parameters()
    const { gradients } = await session.gradient(NOISY_TRIALS, COUNT, NOISY_LABELS, noise)
    await session.train(LABELLED, { ...step({ rates: { weights: 0.1 } }), ...noise })
    const after = await session.parameters()
    const key = 'in->hidden'
    const expected = before.projections[key]!.weights.map((weight, k) => {
      return weight - (0.1 * gradients.projections[key]!.weights[k]!) / NOISY_TRIALS.count
    })
    after.projections[key]!.weights.forEach((weight, k) => {
      expect(weight).toBeCloseTo(expected[k]!, 12)
    })
    expect(after.projections[key]!.weights).not.toEqual(before.projections[key]!.weights)
  })

  test('without noise takes the same steps, whatever the draw', async () => {
    const course = async (options: object) => {
      await using session = await open(noisyCycles(), { seed: 2 })
      const first = await session.train(LABELLED, { ...LEARN, ...options })
      return [first, await session.train(LABELLED, { ...LEARN, ...options }), await session.parameters()]
    }
    expectSameBits(await course({ draw: 7 }), await course({}))
    expectSameBits(await course({ noise: { seed: 1 }, dropout: { seed: 1, rates: {} } }), await course({}))
  })

  test('meets the same chances for a trial wherever it is cut from', async () => {
    await using session = await open(noisyLayers(), { seed: 2 })
    const noise = { noise: ROUNDED, draw: 5 }
    const { losses } = await session.evaluate(LABELLED, COUNT, noise)
    const { offsets, times, units } = NOISY_TRIALS.inputs.in
    for (let trial = 0; trial < NOISY_TRIALS.count; trial++) {
      const part = { from: offsets[trial]!, to: offsets[trial + 1]! }
      const alone = {
        count: 1,
        until: NOISY_TRIALS.until,
        labels: NOISY_LABELS.slice(trial, trial + 1),
        inputs: {
          in: {
            offsets: Uint32Array.of(0, part.to - part.from),
            times: times.slice(part.from, part.to),
            units: units.slice(part.from, part.to),
          },
        },
      }
      expect((await session.evaluate(alone, COUNT, { ...noise, firstTrial: trial })).losses).toEqual([losses[trial]])
    }
  })
})

describe('what cannot be', () => {
  test('is refused with its field, and the session goes on', async () => {
    await using session = await open(noisyLayers(), { seed: 2 })
    const refused = (code: string, field: string) => ({ code, details: { field } })
    const wrong = { seed: 0, jitter: { nowhere: 1 } }
    const field = 'noise.jitter.nowhere'
    await expect(session.simulate(NOISY_TRIALS, { noise: wrong })).rejects.toMatchObject(refused('NOISE_NAME', field))
    await expect(session.evaluate(LABELLED, COUNT, { noise: wrong })).rejects.toMatchObject(
      refused('NOISE_NAME', field),
    )
    await expect(session.train(LABELLED, { ...LEARN, noise: wrong })).rejects.toMatchObject(
      refused('NOISE_NAME', `step.${field}`),
    )
    const dropout = { seed: 0, rates: { in: 2 } }
    await expect(session.train(LABELLED, { ...LEARN, dropout })).rejects.toMatchObject(
      refused('NOISE_OPTION', 'step.dropout.rates.in'),
    )
    expect((await session.evaluate(LABELLED, COUNT)).losses).toHaveLength(3)
  })

  test('on the window kernel, noise is refused; on the reference kernel it is not', async () => {
    const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
    const sparse = defineNetwork({
      groups: { in: poisson(100, { rate: 400 }), a: lif(200, LIF) },
      projections: [connect('in', 'a', fixedInDegree(60, 0.5, { multiple: true }), { delay: 1 })],
    })
    const trials = { count: 1, until: 20, inputs: {} }
    const noise = { noise: { seed: 1, jitter: 0.1 } }
    await using session = await open(sparse)
    await expect(session.simulate(trials, noise)).rejects.toMatchObject({ code: 'NOISE_KERNEL' })
    const quiet = await session.simulate(trials)
    await using reference = await open(sparse, { kernel: 'reference' })
    const noisy = await reference.simulate(trials, noise)
    expect(noisy.spikes.a!.times.length).toBeGreaterThan(0)
    expect(noisy.spikes.a).not.toEqual(quiet.spikes.a)
  })
})
