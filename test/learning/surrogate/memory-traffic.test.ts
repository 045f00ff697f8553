import { describe, expect, test } from 'vitest'
import {
  type MemoryTraffic,
  TrafficCounter,
  totalTraffic,
  trafficBetween,
} from '../../../src/dynamics/traffic/memory-traffic.js'
import { vMax } from '../../../src/learning/define-loss.js'
import { openSurrogate } from '../../../src/learning/surrogate/open-surrogate.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal } from '../../../src/network/description/initializers.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { step } from '../../actors/small-networks.js'
import { trainsOf } from '../trains.js'

test('a counter adds up bytes by category and direction', () => {
  const counter = new TrafficCounter()
  counter.read('weights', 3)
  counter.read('weights', 2, 8)
  counter.write('tape', 5)
  const before = counter.total()
  expect(before.weights).toEqual({ read: 28, written: 0 })
  expect(before.tape).toEqual({ read: 0, written: 20 })
  expect(totalTraffic(before)).toBe(48)
  expect(totalTraffic(before, ['tape', 'spikes'])).toBe(20)
  counter.write('tape', 1)
  expect(totalTraffic(trafficBetween(before, counter.total()))).toBe(4)
})

/** Numbers of neurons are multiples of four, so that no lane is idle. */
const [n0, n1, n2] = [6, 8, 4]
const network = defineNetwork({
  groups: {
    in: source(n0),
    hidden: lif(n1, { tauMem: 20, tauSyn: 5, threshold: 1 }),
    out: li(n2, { tauMem: 20, tauSyn: 5 }),
  },
  projections: [connect('in', 'hidden', dense(normal(2, 1))), connect('hidden', 'out', dense(normal(0, 1)))],
})
const until = 40
const trials = {
  count: 2,
  until,
  inputs: {
    in: trainsOf([
      Array.from({ length: n0 }, (_, unit) => ({ time: 2 * unit, unit })),
      [
        { time: 1, unit: 0 },
        { time: 7, unit: 5 },
      ],
    ]),
  },
  labels: Uint8Array.of(0, 1),
}

/** Traffic of one pass over the trials, and the spikes in it. */
async function measured(work: 'evaluate' | 'train', dt: number) {
  await using session = openSurrogate(network, { dt })
  const { spikes, maxima } = await session.simulate(trials)
  const before = await session.memoryTraffic()
  if (work === 'evaluate') await session.evaluate(trials, vMax('out'))
  else await session.train(trials, step({ loss: vMax('out'), rates: { weights: 0 } }))
  const traffic = trafficBetween(before, await session.memoryTraffic())
  // Beyond the last maximum of a trial nothing moves its loss, and at the maximum no arrival does.
  const lasts = [0, n2].map((row) => Math.max(...(maxima.out?.times.subarray(row, row + n2) ?? [])) / dt)
  const asked = lasts.reduce((sum, last) => sum + Math.max(0, last - 1), 0)
  return { traffic, asked, inputs: trials.inputs.in.times.length, hidden: spikes.hidden?.times.length ?? 0 }
}

const [B, b] = [trials.count, 4]

describe('what the passes count is what the formulas say', () => {
  test.each([1, 0.25])('forward, dt = %f', async (dt) => {
    const moves = B * (until / dt - 1)
    const { traffic, inputs, hidden } = await measured('evaluate', dt)
    expect(hidden).toBeGreaterThan(4)
    const events = inputs * n1 + hidden * n2
    const state = 2 * b * (n1 + n2) * moves + b * events
    expect(traffic).toEqual<MemoryTraffic>({
      weights: { read: b * events, written: 0 },
      gradients: { read: 0, written: 0 },
      state: { read: state, written: state },
      // The voltages of the readout are read to find the largest.
      tape: { read: b * n2 * (moves + B), written: b * (n1 + n2) * moves },
      spikes: { read: b * (inputs + hidden), written: b * hidden },
    })
  })

  test.each([1, 0.25])('forward and backward, dt = %f', async (dt) => {
    const moves = B * (until / dt - 1)
    const { traffic, asked, inputs, hidden } = await measured('train', dt)
    const events = inputs * n1 + hidden * n2
    // x of every hidden neuron, and the voltages of the readout, at every point.
    expect(traffic.tape).toEqual({ read: b * (n1 * moves + n2 * (moves + B)), written: b * (n1 + n2) * moves })
    expect(asked).toBeGreaterThan(10)
    expect(traffic.weights).toEqual({ read: b * (events + n1 * n2 * asked), written: 0 })
    expect(traffic.gradients.read).toBe(traffic.gradients.written)
    expect(traffic.gradients.read).toBeLessThanOrEqual(b * events)
    expect(traffic.gradients.read).toBeGreaterThan((b * events) / 2)
    // Never more than dense training keeps: input, and V, I and spikes of the neurons.
    expect(traffic.tape.written).toBeLessThan(b * B * (until / dt) * (n0 + 3 * n1 + 2 * n2))
  })

  test('state and adjoint move with the number of steps, not with the spikes', async () => {
    const coarse = await measured('train', 1)
    const fine = await measured('train', 0.25)
    const ratio = totalTraffic(fine.traffic, ['state', 'tape']) / totalTraffic(coarse.traffic, ['state', 'tape'])
    expect(ratio).toBeGreaterThan(3.5)
    expect(ratio).toBeLessThan(4.5)
  })
})
