import { describe, expect, test } from 'vitest'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { trainsOfTrials } from '../../../src/events/trains-of-trials.js'
import {
  connect,
  defineNetwork,
  dense,
  fixedInDegree,
  type InputError,
  li,
  lif,
  type Network,
  normal,
  open,
  poisson,
  source,
  type Trials,
  uniform,
  untilSpiking,
} from '../../../src/index.js'
import { runComponent } from '../../../src/learning/until-spiking/run-component.js'
import { components } from '../../../src/network/graph/components.js'
import { createRandomStream } from '../../../src/numerics/random-stream.js'
import { tinyTask } from '../../support/tiny-task.js'

const LEAKY = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
const COUNT = 8

/** Every input spikes once in every trial, at any time in 30 ms. */
function trialsOf(inputs: number): Trials {
  const times = createRandomStream(3, 'times')
  const trials = Array.from({ length: COUNT }, (_, trial) =>
    Array.from({ length: inputs }, (_, unit) => ({ time: 30 * times.uniform(trial * inputs + unit), unit })),
  )
  return { count: COUNT, until: 60, inputs: { input: trainsOfTrials(trials) } }
}

/** Spikes per neuron and trial of each group, as a session has them. */
async function ratesOf(network: Network, trials: Trials, seed = 0): Promise<Readonly<Record<string, number>>> {
  await using session = await open(network, { seed })
  const { spikes } = await session.simulate(trials)
  return Object.fromEntries(
    Object.entries(spikes).map(([name, { times }]) => {
      const size = network.groups.find((group) => group.name === name)?.size as number
      return [name, times.length / (size * trials.count)]
    }),
  )
}

const rightly = (rates: Readonly<Record<string, number>>, [low, high] = [0.2, 2]) =>
  Object.values(rates).every((rate) => rate >= (low as number) && rate <= (high as number))

function layers(mean: number, std: number): Network {
  return defineNetwork({
    groups: {
      input: source(20),
      one: lif(40, LEAKY),
      two: lif(30, LEAKY),
      out: lif(3, LEAKY),
      readout: li(2, LEAKY_READOUT),
    },
    projections: [
      connect('input', 'one', dense(normal(mean, std)), { delay: 1 }),
      connect('one', 'two', dense(normal(mean, std))),
      connect('two', 'out', dense(normal(mean, std))),
      connect('two', 'readout', dense(normal(mean, std))),
    ],
  })
}
function recurrent(most: number): Network {
  return defineNetwork({
    groups: { input: source(20), hidden: lif(40, LEAKY) },
    projections: [
      connect('input', 'hidden', dense(uniform(0, most))),
      connect('hidden', 'hidden', dense(normal(0, 0.1)), { delay: 1 }),
    ],
  })
}
const LEAKY_READOUT = { tauMem: 20, tauSyn: 5 } as const

describe('initial weights that let neurons spike', () => {
  test.each([
    ['far too small', 1e-7, 1e-7],
    ['of either sign', 0, 0.05],
    ['too large', 3, 3],
  ])('are found, layer after layer, from some that are %s', async (_, mean, std) => {
    const trials = trialsOf(20)
    const before = layers(mean, std)
    expect(rightly(await ratesOf(before, trials))).toBe(false)
    const after = untilSpiking({ network: before, trials })
    expect(rightly(await ratesOf(after, trials))).toBe(true)
    // Of the same strength, whatever is drawn.
    const { one, two } = await ratesOf(after, trials, 99)
    expect(rightly({ one, two } as Record<string, number>, [0.1, 4])).toBe(true)
  })

  test('have any rate that is asked for', async () => {
    const trials = trialsOf(20)
    const after = untilSpiking({ network: layers(0.01, 0.05), trials }, { rate: [3, 3.5], seed: 5 })
    expect(rightly(await ratesOf(after, trials, 5), [3, 3.5])).toBe(true)
  })

  test('are the weights there were where neurons spike already, and readouts keep theirs', async () => {
    const trials = trialsOf(20)
    const after = untilSpiking({ network: layers(0.01, 0.01), trials })
    expect(untilSpiking({ network: after, trials })).toBe(after)
    expect(after.projections[3]).toEqual(layers(0.01, 0.01).projections[3])
  })

  test('are the same whenever they are looked for', () => {
    const find = () => untilSpiking({ network: layers(0.01, 0.05), trials: trialsOf(20) })
    expect(find()).toEqual(find())
  })

  test('of a layer that hears itself: what it hears from others is scaled', async () => {
    const network = recurrent(1e-3)
    const trials = trialsOf(20)
    const after = untilSpiking({ network, trials })
    expect(rightly(await ratesOf(after, trials))).toBe(true)
    expect(after.projections[1]).toEqual(network.projections[1])
  })

  test('of groups on a cycle, of which some hear nobody else', async () => {
    const network = defineNetwork({
      groups: { input: poisson(40, { rate: 50 }), inhibitory: lif(16, LEAKY), excitatory: lif(64, LEAKY) },
      projections: [
        connect('input', 'excitatory', dense(1e-3)),
        connect('excitatory', 'inhibitory', fixedInDegree(8, 1e-3), { delay: 1.5 }),
        connect('inhibitory', 'excitatory', fixedInDegree(4, -0.1), { delay: 1.5 }),
      ],
    })
    const trials = { count: 4, until: 100, inputs: {} }
    const after = untilSpiking({ network, trials }, { rate: [1, 4] })
    expect(rightly(await ratesOf(after, trials), [1, 4])).toBe(true)
  })

  test('of a task are measured on samples of its training split', async () => {
    const task = tinyTask()
    const after = untilSpiking(task, { rate: [1, 2] })
    const samples = Uint32Array.from({ length: task.train.size }, (_, k) => k)
    const trials = { count: samples.length, until: task.until, inputs: task.train.encode(samples) }
    expect(rightly(await ratesOf(after, trials), [1, 2])).toBe(true)
  })
})

describe('what is measured', () => {
  test('are the spikes that a session has, to the bit where no layer hears itself', async () => {
    const trials = trialsOf(20)
    const network = layers(0.3, 1)
    await using session = await open(network, { seed: 4 })
    const { spikes } = await session.simulate(trials)
    const known = new Map<string, SpikeTrains>()
    for (const component of components(network)) {
      const found = runComponent(network, component, { seed: 4, trials, known, most: Infinity })
      for (const [name, trains] of found as ReadonlyMap<string, SpikeTrains>) known.set(name, trains)
    }
    for (const name of ['one', 'two', 'out']) expect(known.get(name)).toEqual(spikes[name])
  })

  test('are those of a layer that hears itself, to the accuracy of the kernels', async () => {
    const trials = trialsOf(20)
    const network = recurrent(2)
    await using session = await open(network, { seed: 4 })
    const { hidden } = (await session.simulate(trials)).spikes
    const component = { groups: ['hidden'], cyclic: true }
    const known = new Map(Object.entries(trials.inputs))
    const found = runComponent(network, component, { seed: 4, trials, known, most: Infinity })?.get('hidden')
    expect(found?.offsets).toEqual(hidden?.offsets)
    expect(found?.units).toEqual(hidden?.units)
    found?.times.forEach((time, k) => {
      expect(Math.abs(time - (hidden?.times[k] as number))).toBeLessThan(1e-9)
    })
    expect(found?.times.length).toBeGreaterThan(100)
  })
})

describe('a rate that weights do not lead to', () => {
  const mistake = (network: Network, options = {}) => {
    try {
      untilSpiking({ network, trials: trialsOf(20) }, options)
    } catch (error) {
      return (error as InputError).mistake
    }
    return null
  }
  const joined = (weights: Parameters<typeof dense>[0], bias = 0) =>
    defineNetwork({
      groups: { input: source(20), other: source(3), hidden: lif(4, { ...LEAKY, bias }) },
      projections: [connect(bias > 1 || weights !== 1 ? 'input' : 'other', 'hidden', dense(weights))],
    })

  test('of a group that is only inhibited', () => {
    expect(mistake(joined(-1))).toMatchObject({
      code: 'RATE_UNREACHABLE',
      field: 'groups.hidden',
      found: expect.stringMatching(/^0 spikes per neuron and trial with weights times 1\.10e\+12$/),
      expected: '0.2 to 2 spikes per neuron and trial in a mini-batch',
      remedy: expect.stringContaining('positive'),
    })
  })

  test('of a group that hears nothing', () => {
    expect(mistake(joined(1))).toMatchObject({
      found: expect.stringContaining('no spike reaches it'),
      remedy: expect.stringContaining('inputs that spike'),
    })
  })

  test('of a group whose bias alone is too much', () => {
    expect(mistake(joined(0.5, 40))).toMatchObject({ remedy: expect.stringContaining('bias') })
  })

  test('of neurons that are all alike', () => {
    expect(mistake(joined(0.5), { rate: [0.5001, 0.5002] })).toMatchObject({
      found: expect.stringMatching(/ and .* spikes per neuron and trial with weights times/),
      remedy: expect.stringContaining('Widen the range'),
    })
  })

  test('of a cycle that nothing calms', () => {
    const network = defineNetwork({
      groups: { input: source(20), hidden: lif(8, LEAKY) },
      projections: [
        connect('input', 'hidden', dense(uniform(1, 2))),
        connect('hidden', 'hidden', dense(50), { delay: 0.01 }),
      ],
    })
    expect(mistake(network)).toMatchObject({
      code: 'RATE_UNREACHABLE',
      found: expect.stringContaining('far too many spikes'),
    })
  })
})
