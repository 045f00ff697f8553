import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { StepOptions } from '../../../src/learning/session.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { trainsOf } from '../../learning/trains.js'
import { between } from '../../support/arbitraries.js'
import { LIF, step } from '../small-networks.js'

/** max kappa for tauMem 20 and tauSyn 5: what one spike of weight 1 lifts the voltage to. */
const PEAK = 0.25 ** (4 / 3)

/** How far one step of rate 1 moves thresholds and weights down: the mean gradient of the loss and the hinge. */
async function meanGradient(weights: readonly number[], labels: readonly number[], options: Partial<StepOptions>) {
  const network = defineNetwork({
    groups: { in: source(1), out: lif(weights.length, LIF) },
    projections: [connect('in', 'out', dense(weights.map((weight) => [weight])))],
  })
  await using session = await open(network)
  const before = await session.parameters()
  const inputs = { in: trainsOf(labels.map(() => [{ time: 1, unit: 0 }])) }
  const trials = { count: labels.length, until: 60, inputs, labels: Uint8Array.from(labels) }
  await session.train(trials, step({ rates: { weights: 1, thresholds: 1 }, ...options }))
  const after = await session.parameters()
  const difference = (from: Float64Array, to: Float64Array) => Array.from(from, (value, k) => value - to[k]!)
  return {
    thresholds: difference(before.groups.out!.threshold!, after.groups.out!.threshold!),
    weights: difference(before.projections['in->out']!.weights, after.projections['in->out']!.weights),
  }
}

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 12))
const silentWeight = between(0.1, 6)

describe('the hinge of silent neurons', () => {
  test('pulls threshold and weight by hand: strength and -strength times the voltage per weight', async () => {
    await fc.assert(
      fc.asyncProperty(silentWeight, between(0.01, 0.9), async (weight, strength) => {
        expect(await meanGradient([weight], [0], { silentHinge: { out: strength } })).toEqual({
          thresholds: near([strength]),
          weights: near([-strength * PEAK]),
        })
      }),
      { numRuns: 30 },
    )
  })

  test('of the label pulls the label unit alone, as often as it is the silent label', async () => {
    expect(await meanGradient([1, 2, 3], [0, 2, 2, 2], { silentLabelHinge: 0.5 })).toEqual({
      thresholds: near([0.125, 0, 0.375]),
      weights: near([-0.125 * PEAK, 0, -0.375 * PEAK]),
    })
  })

  test('of the label pulls every unit with a target spike, where labels are target trains', async () => {
    const wanted = [
      { time: 9, unit: 0 },
      { time: 9, unit: 2 },
      { time: 20, unit: 2 },
    ]
    const targets = trainsOf([[{ time: 5, unit: 1 }], wanted])
    const loss = { kind: 'vanRossum', group: 'out', tau: 5, targets } as const
    expect(await meanGradient([1, 2, 3], [1, 1, 1, 0], { loss, silentLabelHinge: 0.5 })).toEqual({
      thresholds: near([0.375, 0.125, 0.375]),
      weights: near([-0.375 * PEAK, -0.125 * PEAK, -0.375 * PEAK]),
    })
  })

  test('of the label comes on top of that of every neuron', async () => {
    expect(await meanGradient([1, 2], [1], { silentLabelHinge: 0.5, silentHinge: { out: 0.25 } })).toEqual({
      thresholds: near([0.25, 0.75]),
      weights: near([-0.25 * PEAK, -0.75 * PEAK]),
    })
  })

  test('leaves neurons that spike alone', async () => {
    const loud = [8, 9]
    const options = { silentLabelHinge: 0.5, silentHinge: { out: 0.25 } }
    expect(await meanGradient(loud, [1], options)).toEqual(await meanGradient(loud, [1], {}))
  })

  test('is off at 0, and unless asked for', async () => {
    const none = { thresholds: [0, 0], weights: [0, 0] }
    expect(await meanGradient([1, 2], [1], { silentHinge: { out: 0 } })).toEqual(none)
    expect(await meanGradient([1, 2], [1], {})).toEqual(none)
  })

  test('reaches through a silent neuron to the layer before it', async () => {
    const network = defineNetwork({
      groups: { in: source(1), hidden: lif(1, LIF), out: lif(1, LIF) },
      projections: [connect('in', 'hidden', dense(8)), connect('hidden', 'out', dense(1), { delay: 1 })],
    })
    await using session = await open(network)
    const inputs = { in: trainsOf([[{ time: 1, unit: 0 }]]) }
    // So short that the silent neuron's voltage still rises at the end: an earlier spike would lift it further.
    const { spikes } = await session.simulate({ count: 1, until: 60, inputs })
    const arrival = spikes.hidden!.times[0]! + 1
    const trials = { count: 1, until: arrival + 2, inputs, labels: Uint8Array.of(0) }
    await session.train(trials, step({ rates: { delays: 1 }, silentHinge: { out: 0.5 } }))
    // L = strength (threshold - V(until)), and V of a spike of weight 1 is kappa(until - arrival).
    const slope = (Math.exp(-2 / 5) / 5 - Math.exp(-2 / 20) / 20) / 3
    const { delays } = (await session.parameters()).projections['hidden->out']!
    expect(delays[0]).toBeCloseTo(1 - 0.5 * slope, 12)
  })
})
