import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { firstSpike, linear, spikeCount, spikeTimes, vMax } from '../../../src/learning/define-loss.js'
import type { LabelledTrials, Session, StepOptions } from '../../../src/learning/session.js'
import { openSurrogate, type SurrogateSession } from '../../../src/learning/surrogate/open-surrogate.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { poisson } from '../../../src/network/description/emitting-sources.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import { connect, dense, perSource, perSynapse, synapses } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { LABELS, LIF, step, TWO_TRIALS, twoLayers } from '../../actors/small-networks.js'
import { mistakeOf } from '../../network/mistake-of.js'
import { expectSameBits } from '../../support/same-bits.js'
import { trainsOf } from '../trains.js'

const labelled = { ...TWO_TRIALS, labels: LABELS }
const FIRST = firstSpike('out')
const learning = step({
  loss: FIRST,
  rates: { weights: 0.1, delays: 0.05, thresholds: 0.01, adaptation: 0.01, bias: 0.01 },
})

/** Recurrent, with every shape of delays, sparse and dense, into a readout. */
function recurrent(refractory = 2) {
  return defineNetwork({
    groups: {
      in: source(2),
      a: lif(4, LIF),
      b: lif(3, { ...LIF, refractory }),
      out: li(2, { tauMem: 20, tauSyn: 5 }),
    },
    projections: [
      connect('in', 'a', dense(uniform(4, 9)), { delay: perSource([0.3, 1.1]) }),
      connect(
        'a',
        'b',
        synapses([
          [0, 0, 7, 1.5],
          [1, 0, 6, 0.2],
          [3, 2, 8, 1],
          [3, 2, 2, 4],
        ]),
      ),
      connect('b', 'a', dense(normal(0, 2)), { delay: 2 }),
      connect('a', 'a', dense(normal(0, 1))),
      connect('b', 'out', dense(normal(0, 1)), { delay: perSynapse(uniform(0, 3)) }),
      connect('a', 'out', dense(normal(0, 1))),
    ],
  })
}

async function afterTraining(session: Session, options: StepOptions, steps = 3) {
  for (let k = 0; k < steps; k++) await session.train(labelled, options)
  return session.save()
}

describe('a surrogate session', () => {
  test('starts with the parameters of the exact one', async () => {
    await using exact = await open(recurrent(), { seed: 5 })
    await using grid = openSurrogate(recurrent(), { seed: 5 })
    expectSameBits(await grid.parameters(), await exact.parameters())
  })

  test('gives the same bits in every run', async () => {
    const options = step({
      loss: vMax('out'),
      rates: { weights: 0.05, delays: 0.05, bias: 0.01 },
      bounds: { delays: [0, 20] },
    })
    await using first = openSurrogate(recurrent(), { seed: 2, dt: 0.5 })
    await using second = openSurrogate(recurrent(), { seed: 2, dt: 0.5 })
    expectSameBits(await afterTraining(first, options), await afterTraining(second, options))
    expectSameBits(await first.simulate(TWO_TRIALS), await second.simulate(TWO_TRIALS))
    expectSameBits(await first.simulate(TWO_TRIALS), await first.simulate(TWO_TRIALS))
  })

  test('does not carry anything from one trial to the next', async () => {
    await using session = openSurrogate(recurrent(), { dt: 0.5 })
    const { recording } = await session.gradient(TWO_TRIALS, vMax('out'), LABELS)
    const alone = await session.simulate({
      count: 1,
      until: TWO_TRIALS.until,
      inputs: { in: secondTrial() },
    })
    const { offsets, times } = recording.spikes.a ?? { offsets: [], times: new Float64Array(0) }
    expect(times.subarray(offsets[1], offsets[2])).toEqual(alone.spikes.a?.times)
    expect(alone.spikes.a?.times.length).toBeGreaterThan(0)
  })

  test('goes on from a saved state with the same bits', async () => {
    await using whole = openSurrogate(twoLayers(), { dt: 0.5 })
    await using half = openSurrogate(twoLayers(), { dt: 0.5 })
    await using rest = openSurrogate(twoLayers(), { seed: 9, dt: 0.5 })
    const expected = await afterTraining(whole, learning, 4)
    await rest.restore(await afterTraining(half, learning, 2))
    expectSameBits(await afterTraining(rest, learning, 2), expected)
  })

  test('forgets what its optimiser remembers of arrays that a state says nothing of', async () => {
    const options = { ...learning, optimizer: { kind: 'sgd', momentum: 0.5 } } as const
    await using fresh = openSurrogate(twoLayers(), { dt: 0.5 })
    const start = await fresh.save()
    const expected = await afterTraining(fresh, options, 2)
    await using used = openSurrogate(twoLayers(), { dt: 0.5 })
    await afterTraining(used, options, 2)
    await used.restore(start)
    expectSameBits(await afterTraining(used, options, 2), expected)
  })

  test('counts the spikes that it shows: of neurons, of silent and of saturated ones, over all trials', async () => {
    await using session = openSurrogate(recurrent(5), { seed: 5, dt: 0.5 })
    const trials = { ...labelled, until: 19 }
    const { spikes } = await session.simulate(trials, { record: ['a', 'b'] })
    const options = step({ loss: vMax('out'), rates: { weights: 1e-9 } })
    const { silentFraction, diagnosis } = await session.train(trials, options)
    let [pairs, silent] = [0, 0]
    for (const [name, size, limit] of [
      ['a', 4, 20],
      ['b', 3, 1],
    ] as const) {
      const { offsets, units } = spikes[name]!
      const counts = [0, 1].map((trial) => {
        const fired = units.subarray(offsets[trial], offsets[trial + 1])
        return Array.from({ length: size }, (_, n) => fired.filter((unit) => unit === n).length)
      })
      const all = counts.flat()
      const own = diagnosis!.groups[name]!
      expect([...own.spikes]).toEqual(counts[0]!.map((count, n) => count + counts[1]![n]!))
      expect(own.pairs).toBe(2 * size)
      expect(own.silent).toBe(all.filter((count) => count === 0).length)
      expect(own.saturated).toBe(all.filter((count) => count > limit).length)
      pairs += own.pairs
      silent += own.silent
    }
    expect(silentFraction).toBe(silent / pairs)
    const { a, b } = diagnosis!.groups
    expect(silent).toBeGreaterThan(0)
    expect(silent).toBeLessThan(pairs)
    expect(a!.spikes.some((count) => count > 2)).toBe(true)
    expect(b!.saturated).toBeGreaterThan(0)
    expect(diagnosis!.groups.out).toMatchObject({ pairs: 0, silent: 0 })
    const { silentFraction: evaluated } = await session.evaluate(trials, vMax('out'))
    expect(evaluated).toBe(silentFraction)
  })

  test('refuses a state of another network and keeps its own', async () => {
    await using session = openSurrogate(twoLayers())
    await using stranger = openSurrogate(recurrent())
    const before = await session.save()
    await expect(session.restore(await stranger.save())).rejects.toMatchObject({ code: 'STATE_MISMATCH' })
    expectSameBits(await session.save(), before)
  })

  test('keeps time constants, and refuses a state in which they were learned', async () => {
    await using exact = await open(twoLayers())
    await using grid = openSurrogate(twoLayers())
    await expect(grid.train(labelled, { ...learning, rates: { taus: 0.1 } })).rejects.toMatchObject({
      code: 'SURROGATE_UNSUPPORTED',
      details: { field: 'step.rates.taus' },
    })
    await grid.restore(await exact.save())
    await exact.train(labelled, { ...learning, rates: { taus: 0.1 } })
    await expect(grid.restore(await exact.save())).rejects.toMatchObject({ code: 'STATE_MISMATCH' })
  })

  test('takes turns, and is closed for good', async () => {
    await using one = openSurrogate(twoLayers(), { dt: 0.5 })
    await using other = openSurrogate(twoLayers(), { dt: 0.5 })
    const together = [one.train(labelled, learning), one.train(labelled, learning), one.save()] as const
    expectSameBits((await Promise.all(together))[2], await afterTraining(other, learning, 2))
    const last = one.train(labelled, learning)
    await one.close()
    await expect(last).resolves.toMatchObject({ grazing: 0 })
    await expect(one.simulate(TWO_TRIALS)).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
  })

  test('learns everything there is, within bounds', async () => {
    await using session = openSurrogate(twoLayers(), { dt: 0.5 })
    const before = await session.parameters()
    await session.train(labelled, { ...learning, bounds: { delays: [0, 1.2], thresholds: [0.9, 1.1] } })
    const after = await session.parameters()
    const changed = (a: Float64Array, b: Float64Array) => a.some((value, k) => value !== b[k])
    for (const kind of ['weights', 'delays'] as const)
      for (const key of ['in->hidden', 'hidden->out'])
        expect([
          key,
          kind,
          changed(before.projections[key]?.[kind] as Float64Array, after.projections[key]?.[kind] as Float64Array),
        ]).toEqual([key, kind, true])
    for (const kind of ['bias', 'threshold', 'adaptStep'] as const)
      expect(changed(before.groups.hidden?.[kind] as Float64Array, after.groups.hidden?.[kind] as Float64Array)).toBe(
        true,
      )
    expect(Math.max(...(after.projections['in->hidden']?.delays ?? []))).toBeLessThanOrEqual(1.2)
    // There is no synapse from unit 1 to neuron 1.
    expect(after.projections['in->hidden']?.weights[3]).toBe(0)
  })

  test('brings silent neurons back: by the hinge of labels, of groups, and by the weight step', async () => {
    const network = defineNetwork({
      groups: { in: source(1), out: lif(2, LIF) },
      projections: [connect('in', 'out', dense([[8], [0.5]]))],
    })
    const trials = { count: 1, until: 30, inputs: { in: trainsOf([[{ time: 1, unit: 0 }]]) }, labels: Uint8Array.of(1) }
    const weightAfter = async (options: Partial<StepOptions>) => {
      await using session = openSurrogate(network)
      const result = await session.train(
        trials,
        step({ loss: FIRST, rates: { weights: 0.1, thresholds: 0.1 }, ...options }),
      )
      const { projections, groups } = await session.parameters()
      expect(result.losses).toEqual([null])
      return [projections['in->out']?.weights[1], groups.out?.threshold?.[1]]
    }
    expect(await weightAfter({})).toEqual([0.5, 1])
    for (const options of [{ silentLabelHinge: 1 }, { silentHinge: { out: 1 } }]) {
      const [weight, threshold] = await weightAfter(options)
      expect(weight).toBeGreaterThan(0.5)
      expect(threshold).toBeLessThan(1)
    }
    expect(await weightAfter({ silentWeightStep: { out: 0.25 } })).toEqual([0.75, 1])
  })

  test('a loss that needs no labels lifts the units of its target as with labels', async () => {
    const network = defineNetwork({
      groups: { in: source(1), out: lif(2, LIF) },
      projections: [connect('in', 'out', dense(0.5))],
    })
    const loss = spikeTimes('out', { targets: trainsOf([[{ time: 5, unit: 0 }]]), tau: 5 })
    const trials = { count: 1, until: 30, inputs: { in: trainsOf([[{ time: 1, unit: 0 }]]) } }
    const [without, labelled] = await Promise.all(
      [{}, { labels: Uint8Array.of(0) }].map(async (given) => {
        await using session = openSurrogate(network)
        await session.train(
          { ...trials, ...given } as LabelledTrials,
          step({ loss, rates: { weights: 0.1 }, silentLabelHinge: 1 }),
        )
        return (await session.parameters()).projections['in->out']!.weights
      }),
    )
    expect(without).toEqual(labelled)
    expect(without![0]).toBeGreaterThan(0.5)
    expect(without![1]).toBe(0.5)
  })

  test('the weight step makes no synapse where there is none', async () => {
    const network = defineNetwork({
      groups: { in: source(2), out: lif(1, LIF) },
      projections: [connect('in', 'out', dense([[0.5, null]]))],
    })
    await using session = openSurrogate(network)
    const trials = { count: 1, until: 30, inputs: { in: trainsOf([[{ time: 1, unit: 1 }]]) }, labels: Uint8Array.of(0) }
    await session.train(trials, step({ loss: FIRST, rates: { weights: 0.1 }, silentWeightStep: { out: 0.25 } }))
    expect((await session.parameters()).projections['in->out']?.weights).toEqual(Float64Array.of(0.75, 0))
  })

  test('the hinge leaves a silent neuron alone that was above its threshold between two points', async () => {
    // At rest it is above; by the first point of the grid its bias has pulled it far below.
    const network = defineNetwork({
      groups: { in: source(1), out: lif(1, { ...LIF, threshold: -0.01, vReset: -1, bias: -10 }) },
      projections: [connect('in', 'out', dense(1))],
    })
    await using session = openSurrogate(network, { dt: 1 })
    const trials = { count: 1, until: 30, inputs: { in: trainsOf([[{ time: 1, unit: 0 }]]) }, labels: Uint8Array.of(0) }
    const options = { loss: FIRST, rates: { weights: 0.1, thresholds: 0.1 }, silentLabelHinge: 1 }
    const { gradientNorm, losses } = await session.train(trials, step(options))
    expect(losses).toEqual([null])
    expect(gradientNorm).toBe(0)
  })

  test.each([1, 2])('the hinge has the gradient of the largest voltage, in the mean over trials: %i', async (count) => {
    const network = (weight: number) =>
      defineNetwork({ groups: { in: source(1), out: lif(1, LIF) }, projections: [connect('in', 'out', dense(weight))] })
    const spikes = trainsOf(Array.from({ length: count }, () => [{ time: 1, unit: 0 }]))
    const trials = { count, until: 30, inputs: { in: spikes }, labels: new Uint8Array(count) }
    await using session = openSurrogate(network(2), { dt: 0.1 })
    const { gradientNorm } = await session.train(
      trials,
      step({ loss: FIRST, rates: { weights: 1 }, silentLabelHinge: 3 }),
    )
    // 3 dvMax/dw, with vMax = w · the largest value of kappa.
    const ratio = 4
    expect(gradientNorm).toBeCloseTo(3 * ratio ** (-ratio / (ratio - 1)), 3)
  })
})

function secondTrial() {
  const { offsets, times, units } = TWO_TRIALS.inputs.in
  const [from, to] = [offsets[1] as number, offsets[2] as number]
  return { offsets: Uint32Array.of(0, to - from), times: times.slice(from, to), units: units.slice(from, to) }
}

describe('what cannot be put on a grid is refused', () => {
  const codeOf = (make: () => SurrogateSession) => mistakeOf(make)

  test('options', () => {
    for (const options of [{ dt: 0 }, { dt: Number.NaN }, { slope: -1 }, { slope: Number.POSITIVE_INFINITY }])
      expect(codeOf(() => openSurrogate(twoLayers(), options))).toMatchObject({ code: 'TRAIN_OPTION' })
  })

  test('networks', () => {
    const emitting = defineNetwork({ groups: { in: poisson(1, { rate: 10 }), out: lif(1, LIF) }, projections: [] })
    expect(codeOf(() => openSurrogate(emitting))).toMatchObject({ code: 'SURROGATE_UNSUPPORTED', field: 'groups[0]' })
    const split = defineNetwork({
      groups: { out: lif(1, { tauMem: 20, tauSynExc: 5, tauSynInh: 8, threshold: 1 }) },
      projections: [],
    })
    expect(codeOf(() => openSurrogate(split))).toMatchObject({ code: 'SURROGATE_UNSUPPORTED', field: 'groups[0]' })
  })

  test('losses and trials', async () => {
    await using session = openSurrogate(twoLayers())
    await expect(session.evaluate(labelled, linear('out', []))).rejects.toMatchObject({
      code: 'LOSS_COEFFICIENT_COUNT',
    })
    await expect(
      session.train(labelled, { ...learning, dropout: { seed: 1, rates: { out: 0.5 } } }),
    ).rejects.toMatchObject({
      code: 'NOISE_NAME',
      details: { field: 'step.dropout.rates.out' },
    })
    for (const run of [
      session.evaluate(labelled, FIRST, { noise: { seed: 1, jitter: -1 } }),
      session.gradient(TWO_TRIALS, FIRST, LABELS, { noise: { seed: 1, jitter: -1 } }),
      session.simulate(TWO_TRIALS, { noise: { seed: 1, jitter: -1 } }),
    ])
      await expect(run).rejects.toMatchObject({ code: 'NOISE_OPTION', details: { field: 'noise.jitter' } })
    await expect(session.evaluate(labelled, vMax('out'))).rejects.toMatchObject({ code: 'LOSS_GROUP' })
    await expect(session.gradient(TWO_TRIALS, spikeCount('out'))).rejects.toMatchObject({ code: 'LOSS_LABEL_MISSING' })
    const endless = { ...TWO_TRIALS, until: Number.POSITIVE_INFINITY }
    await expect(session.simulate(endless)).rejects.toMatchObject({ code: 'UNTIL_INVALID' })
    await expect(session.simulate(TWO_TRIALS, { record: ['nobody' as string] })).rejects.toMatchObject({
      code: 'GROUP_UNKNOWN',
    })
  })
})
