import { afterEach, expect, test, vi } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { vMax } from '../../../src/learning/define-loss.js'
import { sgd } from '../../../src/learning/optimizers/sgd.js'
import { requireGridNetwork } from '../../../src/learning/surrogate/require-grid-network.js'
import { configureTraining } from '../../../src/learning/training-config.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import { connect, dense, perSynapse } from '../../../src/network/description/projections.js'
import { formatNetwork } from '../../../src/network/file/format-network.js'
import { parseNetwork } from '../../../src/network/file/parse-network.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { nextUp } from '../../../src/numerics/neighbours.js'
import { expectSameBits } from '../../support/same-bits.js'
import { tinyTask } from '../../support/tiny-task.js'
import { spikesAt, step, sumOfTimes } from '../small-networks.js'

/** Arrivals move V of the neurons of x at once, and those of y do not leak. */
const network = defineNetwork({
  groups: {
    in: source(40),
    x: lif(64, { tauMem: 20, tauSyn: 0, threshold: 1, bias: normal(0.2, 0.4) }),
    y: lif(40, { tauMem: Number.POSITIVE_INFINITY, tauSyn: 5, threshold: 1, adaptStep: 0.2 }),
    out: li(3, { tauMem: 20, tauSyn: 5 }),
  },
  projections: [
    connect('in', 'x', dense(normal(0.4, 0.4)), { delay: perSynapse(uniform(0, 4)) }),
    connect('x', 'y', dense(normal(0.01, 0.02)), { delay: perSynapse(uniform(0.5, 4)) }),
    connect('y', 'x', dense(normal(-0.05, 0.1)), { delay: 1.5 }),
    connect('y', 'out', dense(normal(0.1, 0.2))),
  ],
})
const inputs = { in: spikesAt(...Array.from({ length: 40 }, (_, k) => 1 + 0.9 * k)) }
inputs.in.units.forEach((_, k) => {
  inputs.in.units[k] = (7 * k) % 40
})
const trials = { count: 1, until: 45, inputs, labels: Uint8Array.of(1) }
const LOSS = { kind: 'vMax', group: 'out' } as const

afterEach(() => {
  vi.restoreAllMocks()
})

/** The warnings from here on, by name. */
function warnings(): readonly string[] {
  const names: string[] = []
  vi.spyOn(process, 'emitWarning').mockImplementation((text, type) => {
    names.push(`${String(type)} ${String(text)}`)
  })
  return names
}

test('no placement changes a bit', async () => {
  warnings()
  const placement = placeOnCores(network, 3)
  expect(placement.cores).toHaveLength(3)
  const [whole, placed] = [await open(network, { seed: 3 }), await open(network, { seed: 3, placement })]
  const [one, other] = [await whole.simulate(trials), await placed.simulate(trials)]
  expect(one.spikes.x!.times.length).toBeGreaterThan(40)
  expect(one.spikes.y!.times.length).toBeGreaterThan(20)
  expectSameBits(other, one)
  expectSameBits(await placed.gradient(trials, LOSS, trials.labels), await whole.gradient(trials, LOSS, trials.labels))
  await Promise.all([whole.close(), placed.close()])
})

test('flat gradients are said once, when the first one is asked for, and only where arrivals move V at once', async () => {
  const said = warnings()
  await using session = await open(network, { seed: 3 })
  await session.simulate(trials)
  expect(said).toEqual([])
  await session.gradient(trials, LOSS, trials.labels)
  await session.gradient(trials, LOSS, trials.labels)
  expect(said).toHaveLength(1)
  expect(said[0]).toMatch(/^GRADIENT_FLAT "x": arrivals move its voltage at once \(tauSyn 0\)\./)
  const unleaky = defineNetwork({
    groups: { in: source(1), x: lif(1, { tauMem: Number.POSITIVE_INFINITY, tauSyn: 5, threshold: 1 }) },
    projections: [connect('in', 'x', dense(0.5))],
  })
  await using other = await open(unleaky, { seed: 1 })
  await other.gradient({ count: 1, until: 20, inputs: { in: spikesAt(1) } }, sumOfTimes('x', 2))
  expect(said).toHaveLength(1)
})

test('files have Infinity by its name', () => {
  const text = formatNetwork(network)
  expect(text).toContain('"tauMem":"Infinity"')
  expect(formatNetwork(parseNetwork(text))).toBe(text)
  expect(parseNetwork(text).groups[2]).toMatchObject({ tauMem: Number.POSITIVE_INFINITY })
})

test.each([
  ['tauMem of a readout', { kind: 'li', size: 1, tauMem: Number.POSITIVE_INFINITY, tauSyn: 5 }, 'groups.x.tauMem'],
  ['tauSyn of a readout', { kind: 'li', size: 1, tauMem: 20, tauSyn: 0 }, 'groups.x.tauSyn'],
  ['one of two', { kind: 'lif', size: 1, tauMem: 20, threshold: 1, tauSynExc: 0, tauSynInh: 5 }, 'groups.x.tauSynExc'],
  ['tauAdapt', { kind: 'lif', size: 1, tauMem: 20, tauSyn: 5, threshold: 1, tauAdapt: Infinity }, 'groups.x.tauAdapt'],
  ['below the least', { kind: 'lif', size: 1, tauMem: 20, tauSyn: 1e-10, threshold: 1 }, 'groups.x.tauSyn'],
])('a limit is refused: %s', (_, group, field) => {
  const define = () => defineNetwork({ groups: { x: group as never }, projections: [] })
  expect(define).toThrow(`${field}: found`)
})

test('limits are not learned, and not put on a grid of time', async () => {
  await using session = await open(network, { seed: 3 })
  await expect(session.train(trials, step({ loss: LOSS, rates: { taus: 0.1 } }))).rejects.toMatchObject({
    code: 'TRAIN_OPTION',
    message: expect.stringMatching(
      /^step\.rates\.taus: found the time constants of "x": arrivals move its voltage at once/,
    ),
  })
  const task = { ...tinyTask(), network, loss: vMax('out') }
  expect(() =>
    configureTraining(network, task, {
      ...{ optimizer: sgd({ learningRate: 0.1 }), epochs: 1 },
      learn: ['weights', 'taus'],
    }),
  ).toThrow('learn: found the time constants of "x": arrivals move its voltage at once')
  expect(() => requireGridNetwork(network)).toThrow('groups[1]: found "x", of which arrivals move its voltage at once')
})

/** Two neurons that kick each other in no time. */
const pair = (back: number) =>
  defineNetwork({
    groups: {
      in: source(1),
      a: lif(1, { tauMem: 20, tauSyn: 0, threshold: 1 }),
      b: lif(1, { tauMem: 20, tauSyn: 0, threshold: 1 }),
    },
    projections: [connect('in', 'a', dense(1.5)), connect('a', 'b', dense(2)), connect('b', 'a', dense(back))],
  })

test('a cascade around a cycle without delay ends, and its gradient goes back to where it began', async () => {
  warnings()
  await using session = await open(pair(0.4), { seed: 1 })
  const run = { count: 1, until: 30, inputs: { in: spikesAt(10, 20) } }
  const { spikes } = await session.simulate(run)
  const [first, second] = [nextUp(10), nextUp(20)]
  expect([...spikes.a!.times]).toEqual([first, second])
  expect([...spikes.b!.times]).toEqual([nextUp(first), nextUp(second)])
  const { inputTimes } = await session.gradient(run, sumOfTimes('b', 2))
  expect([...inputTimes.in!]).toEqual([1, 1])
})

test('a cascade without an end is refused', async () => {
  await using session = await open(pair(3), { seed: 1 })
  const run = { count: 1, until: 30, inputs: { in: spikesAt(10) }, spikeLimit: 200 }
  await expect(session.simulate(run)).rejects.toMatchObject({ code: 'SPIKES_TOO_MANY' })
})
