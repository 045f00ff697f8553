import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { trainedNetwork } from '../../src/learning/trained-network.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { poisson } from '../../src/network/description/emitting-sources.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import type { Network } from '../../src/network/description/network.js'
import { connect, fixedInDegree, oneToOne, perSource, perSynapse } from '../../src/network/description/projections.js'
import { type LifParameters, lif } from '../../src/network/models/lif.js'
import { step } from '../actors/small-networks.js'
import { isLong } from '../support/cases-of.js'
import { openLinked } from '../support/open-linked.js'
import { expectSameBits } from '../support/same-bits.js'
import { streamed } from '../support/streamed.js'
import { randomTrains } from '../support/window-case.js'

const [SIZE, INPUTS, UNTIL, SEED] = [70, 40, 40, 3]

/** Neurons whose time constants are about some number; one has a fiftieth of it, which is much less than a bin. */
const around = (tau: number) =>
  Array.from({ length: SIZE }, (_, n) => (n === 40 ? tau / 50 : tau * (0.8 + ((n * 29) % SIZE) / 150)))

const COURSES = {
  'two currents': { tauMem: 20, tauSynExc: 3, tauSynInh: 8 },
  'two currents, one as slow as the membrane': { tauMem: 12, tauSynExc: 4, tauSynInh: 12 },
  'time constants per neuron': { tauMem: around(15), tauSyn: around(4) },
  'membranes per neuron about the one tauSyn': { tauMem: uniform(4, 12), tauSyn: 8 },
  'two currents, per neuron': { tauMem: around(20), tauSynExc: around(3), tauSynInh: uniform(2, 25) },
} as const satisfies Readonly<Record<string, Pick<LifParameters, 'tauMem' | 'tauSyn' | 'tauSynExc' | 'tauSynInh'>>>

/** All of them, or one or two: so each occurs in one of the laws below. */
function coursesFrom(first: number, count = 2) {
  const all = Object.entries(COURSES)
  return isLong() ? all : all.slice(first, first + count)
}

type Course = (typeof COURSES)[keyof typeof COURSES]

/** Spikes go around a -> b -> a; what Poisson inputs a is drawn there, at weights of either sign. */
function networkOf(course: Course): Network {
  const neuron = { ...course, threshold: uniform(0.9, 1.1), adaptStep: uniform(0, 0.3), tauAdapt: uniform(10, 60) }
  return defineNetwork({
    groups: {
      drive: poisson(SIZE, { rate: 20_000, start: 2.3, stop: 31 }),
      in: source(INPUTS),
      a: lif(SIZE, { ...neuron, refractory: 0.5, bias: 0.2 } as LifParameters),
      b: lif(SIZE, { ...neuron, vReset: -0.3 } as LifParameters),
    },
    projections: [
      connect('in', 'a', fixedInDegree(150, 0.07, { multiple: true }), { delay: 0.7 }),
      connect('drive', 'a', oneToOne(normal(0.08, 0.1)), { delay: 1 }),
      connect('a', 'b', fixedInDegree(150, normal(0.05, 0.03), { multiple: true }), {
        delay: perSource(uniform(1, 2)),
      }),
      connect('b', 'a', fixedInDegree(150, -0.01, { multiple: true }), { delay: perSynapse(uniform(1, 2)) }),
    ],
  })
}

const TRAINS = randomTrains(INPUTS, 0.05, UNTIL, 2, 'input')
const TRIALS = { count: 2, until: UNTIL, inputs: { in: TRAINS }, labels: Uint8Array.of(3, 5) }
/** Some neurons are silent so long. */
const SHORT = { ...TRIALS, until: UNTIL / 4 }
const LOSS = { kind: 'spikeCount', group: 'b', tau: 20 } as const

async function resultsOf(network: Network, kernel: KernelKind) {
  await using session = await open(network, { seed: SEED, kernel })
  expect(session.kernels.map(({ engine }) => engine)).toEqual(
    kernel === 'reference' ? ['reference', 'reference'] : ['window', 'window'],
  )
  const { spikes } = await session.simulate(TRIALS, { record: ['a', 'b'] })
  const { gradients, inputTimes } = await session.gradient(TRIALS, LOSS, TRIALS.labels)
  return { spikes, gradients, inputTimes }
}

/** All arrays in an object, by their path. */
function arraysIn(value: unknown, path = ''): readonly (readonly [string, Float64Array])[] {
  if (value instanceof Float64Array) return [[path, value]]
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return []
  return Object.entries(value).flatMap(([name, part]) => arraysIn(part, `${path}/${name}`))
}

test.each(coursesFrom(0))(
  '%s: driven groups on a cycle have the spikes and gradients of the reference',
  async (_, course) => {
    const network = networkOf(course)
    const [found, expected] = [await resultsOf(network, 'simd'), await resultsOf(network, 'reference')]
    for (const name of ['a', 'b']) {
      const [own, other] = [found.spikes[name]!, expected.spikes[name]!]
      expect(own.times.length).toBe(other.times.length)
      expect(own.times.length).toBeGreaterThan(SIZE)
      for (const [k, time] of own.times.entries()) expect(Math.abs(time - other.times[k]!)).toBeLessThan(1e-9)
    }
    const others = new Map(arraysIn(expected.gradients))
    const arrays = arraysIn(found.gradients)
    expect(arrays.length).toBe(others.size)
    for (const [path, values] of arrays) {
      const other = others.get(path)!
      const scale = other.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      expect(scale, path).toBeGreaterThan(0)
      values.forEach((value, k) => {
        if (!(Math.abs(value - other[k]!) <= 1e-9 * scale)) expect.fail(`${path}, ${k}: ${value} and ${other[k]}`)
      })
    }
  },
)

test.each(coursesFrom(2))('%s: slices, links and segments change no bit', async (_, course) => {
  const network = networkOf(course)
  await using one = await open(network, { seed: SEED })
  const { spikes } = await one.simulate(TRIALS, { record: ['a', 'b'] })
  const { gradients } = await one.gradient(TRIALS, LOSS, TRIALS.labels)
  await using two = await openLinked(network, placeOnCores(network, 2), { seed: SEED })
  expectSameBits((await two.simulate(TRIALS, { record: ['a', 'b'] })).spikes, spikes)
  expectSameBits((await two.gradient(TRIALS, LOSS, TRIALS.labels)).gradients, gradients)
  const alone = { ...TRIALS, count: 1, inputs: { in: randomTrains(INPUTS, 0.05, UNTIL, 1, 'input') } }
  const whole = await one.simulate(alone, { record: ['a', 'b'] })
  const found = await streamed(two, { record: ['a', 'b'], until: UNTIL, segment: 7.3, inputs: alone.inputs })
  expectSameBits(found.spikes, whole.spikes)
})

test.each(coursesFrom(4, 1))(
  '%s: what is learned, also under a hinge, has one set of bits, and keeps it when it is saved and opened anew',
  async (_, course) => {
    const network = networkOf(course)
    await using one = await open(network, { seed: SEED })
    await using two = await openLinked(network, placeOnCores(network, 2), { seed: SEED })
    const learning = step({
      loss: LOSS,
      rates: { taus: 0.01, weights: 1e-4, delays: 1e-3 },
      silentHinge: { a: 0.5, b: 1 },
    })
    const described = await one.parameters()
    for (let k = 0; k < 2; k++) {
      const { losses } = await one.train(SHORT, learning)
      expectSameBits((await two.train(SHORT, learning)).losses, losses)
    }
    const learned = await one.parameters()
    expectSameBits(await two.parameters(), learned)
    for (const [field, values] of Object.entries(described.groups.a!).filter(([name]) => name.startsWith('tau')))
      expect(learned.groups.a![field as 'tauMem'], field).not.toEqual(values)
    await using fresh = await open(await trainedNetwork(one, SEED), { seed: SEED })
    expect(fresh.kernels.map(({ engine }) => engine)).toEqual(['window', 'window'])
    expectSameBits((await fresh.parameters()).groups, learned.groups)
    const spikes = { record: ['a', 'b'] }
    const found = await fresh.simulate(TRIALS, spikes)
    expectSameBits(found.spikes, (await one.simulate(TRIALS, spikes)).spikes)
    expect(found.spikes.b!.times.length).toBeGreaterThan(SIZE)
    const [own, expected] = [
      await fresh.gradient(TRIALS, LOSS, TRIALS.labels),
      await one.gradient(TRIALS, LOSS, TRIALS.labels),
    ]
    expectSameBits(own.gradients.groups, expected.gradients.groups)
  },
)
