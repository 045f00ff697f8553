import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../../../src/actors/open.js'
import { createKeptSteps } from '../../../../src/actors/partition/learning/kept-steps.js'
import { createParameterUpdates, learnedArrays } from '../../../../src/actors/partition/learning/parameter-updates.js'
import { kernelOfGroup } from '../../../../src/dynamics/kernels/kernel-of-group.js'
import { vectorGradient } from '../../../../src/dynamics/kernels/kernel-parameters.js'
import { PARAMETER_KINDS } from '../../../../src/learning/parameter-kinds.js'
import type {
  OptimizerKind,
  ParameterKind,
  Parameters,
  Session,
  StepOptions,
} from '../../../../src/learning/session.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense } from '../../../../src/network/description/projections.js'
import { TAU_FIELDS } from '../../../../src/network/description/time-constants.js'
import { instantiate } from '../../../../src/network/instance/instantiate.js'
import { lif } from '../../../../src/network/models/lif.js'
import { between } from '../../../support/arbitraries.js'
import { casesOf } from '../../../support/cases-of.js'
import { expectSameBits } from '../../../support/same-bits.js'
import {
  FIRST,
  LABELS,
  LIF,
  spikesAt,
  step,
  sumOfTimes,
  TWO_TRIALS,
  twoGroupRing,
  twoLayers,
} from '../../small-networks.js'

const labelled = { ...TWO_TRIALS, labels: LABELS }
const sgd = (momentum = 0): OptimizerKind => ({ kind: 'sgd', momentum })
const adam: OptimizerKind = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
const methods = fc.constantFrom<OptimizerKind>(sgd(), sgd(0.9), adam)
const kinds = fc.subarray([...PARAMETER_KINDS])
const rates = (learned: readonly ParameterKind[], rate: number) =>
  Object.fromEntries(learned.map((kind) => [kind, rate]))

/** Every array of one kind. */
function arraysOf({ projections, groups }: Parameters, kind: ParameterKind): readonly Float64Array[] {
  if (kind === 'weights' || kind === 'delays') return Object.values(projections).map((projection) => projection[kind])
  if (kind === 'taus')
    return Object.values(groups).flatMap((group) => TAU_FIELDS.flatMap((field) => group[field] ?? []))
  const field = { thresholds: 'threshold', adaptation: 'adaptStep', bias: 'bias' } as const
  return Object.values(groups).flatMap((group) => group[field[kind]] ?? [])
}

describe('one training step', () => {
  test('moves the learned kinds and no others', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, methods, async (learned, optimizer) => {
        await using session = await open(twoLayers())
        const before = await session.parameters()
        await session.train(labelled, step({ loss: FIRST, optimizer, rates: rates(learned, 1e-3) }))
        const after = await session.parameters()
        for (const kind of PARAMETER_KINDS) {
          if (!learned.includes(kind)) expectSameBits(arraysOf(after, kind), arraysOf(before, kind))
          else expect(arraysOf(after, kind)).not.toEqual(arraysOf(before, kind))
        }
      }),
      { numRuns: casesOf({ short: 15, long: 200 }) },
    )
  })

  test('stays within the bounds, however large the step', async () => {
    const bounds = fc.record({ min: between(-2, 1), width: between(0, 2) })
    await fc.assert(
      fc.asyncProperty(methods, bounds, between(0.1, 100), async (optimizer, { min, width }, rate) => {
        const max = min + width
        // Thresholds stay above vReset, and delays are times.
        const allowed = {
          weights: [min, max],
          delays: [0, 4],
          thresholds: [0.1, 1 + width],
          adaptation: [0, width],
        } as const
        await using session = await open(twoLayers())
        const learned = [...PARAMETER_KINDS]
        await session.train(labelled, step({ loss: FIRST, optimizer, rates: rates(learned, rate), bounds: allowed }))
        const after = await session.parameters()
        for (const [kind, [low, high]] of Object.entries(allowed))
          for (const array of arraysOf(after, kind as ParameterKind))
            for (const value of array) expect(low <= value && value <= high, `${kind} ${value}`).toBe(true)
      }),
      { numRuns: casesOf({ short: 15, long: 200 }) },
    )
  })

  test('follows the mean gradient, scaled down to the norm asked for', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, between(0.01, 2), async (learned, share) => {
        fc.pre(learned.length > 0)
        await using session = await open(twoLayers())
        const before = await session.parameters()
        const { gradients } = await session.gradient(TWO_TRIALS, FIRST, LABELS)
        const mean = learned.flatMap((kind) => arraysOf(gradients, kind).flatMap((g) => Array.from(g, (x) => x / 2)))
        const norm = Math.hypot(...mean)
        const options = { loss: FIRST, rates: rates(learned, 1e-3), clipNorm: share * norm }
        expect((await session.train(labelled, step(options))).gradientNorm).toBeCloseTo(norm, 9)
        const after = await session.parameters()
        const change = learned.flatMap((kind) => {
          const [from, to] = [arraysOf(before, kind), arraysOf(after, kind)]
          return from.flatMap((array, k) => Array.from(array, (x, n) => (x - to[k]![n]!) / 1e-3))
        })
        const factor = Math.min(1, share)
        change.forEach((value, k) => {
          expect(Math.abs(value - factor * mean[k]!)).toBeLessThan(1e-9 * Math.max(1, norm))
        })
      }),
      { numRuns: casesOf({ short: 12, long: 150 }) },
    )
  })

  test('takes rate · decay of the kind off what decays, beside the step', async () => {
    const decaying = ['weights', 'delays', 'adaptation', 'bias'] as const
    await fc.assert(
      fc.asyncProperty(methods, fc.constantFrom(...decaying), async (optimizer, kind) => {
        const learned = [...PARAMETER_KINDS]
        const options = { loss: FIRST, optimizer, rates: rates(learned, 1e-3) }
        await using plain = await open(twoLayers())
        await using decayed = await open(twoLayers())
        const before = await plain.parameters()
        await plain.train(labelled, step(options))
        await decayed.train(labelled, step({ ...options, decay: { [kind]: 50 } }))
        const [after, shrunk] = [await plain.parameters(), await decayed.parameters()]
        for (const each of PARAMETER_KINDS)
          arraysOf(shrunk, each).forEach((array, k) => {
            const [from, to] = [arraysOf(before, each)[k]!, arraysOf(after, each)[k]!]
            const lost = each === kind ? 0.05 : 0
            array.forEach((value, n) => {
              expect(value).toBeCloseTo(to[n]! - lost * from[n]!, 12)
            })
          })
      }),
      { numRuns: casesOf({ short: 8, long: 100 }) },
    )
  })

  /** Earlier spikes are better. */
  async function hurry(session: Session, group: string, options: Partial<StepOptions>) {
    const trials = { count: 1, until: 15, inputs: { in: spikesAt(1, 2, 2.5) }, labels: Uint8Array.of(0) }
    const { spikes } = await session.simulate(trials)
    const loss = sumOfTimes(group, spikes[group]!.times.length)
    const { gradients } = await session.gradient(trials, loss)
    await session.train(trials, step({ loss, ...options }))
    return { gradients, parameters: await session.parameters() }
  }

  test('keeps the delays of a cycle at 0.1 ms or more', async () => {
    await using session = await open(twoGroupRing(0.3))
    const options = { optimizer: adam, rates: { delays: 1 }, bounds: { delays: [0, 20] as const } }
    const { gradients, parameters } = await hurry(session, 'b', options)
    for (const key of ['a->b', 'b->a']) {
      expect(gradients.projections[key]!.delays[0]).toBeGreaterThan(0)
      expect(parameters.projections[key]!.delays).toEqual(Float64Array.of(0.1))
    }
    await expect(hurry(session, 'b', options)).resolves.toBeDefined()
  })

  test('keeps the delays of a cycle within narrower bounds', async () => {
    await using session = await open(twoGroupRing(0.3))
    const { parameters } = await hurry(session, 'b', {
      optimizer: adam,
      rates: { delays: 1 },
      bounds: { delays: [0.2, 20] },
    })
    for (const key of ['a->b', 'b->a']) expect(parameters.projections[key]!.delays).toEqual(Float64Array.of(0.2))
  })

  test('leaves the delays into a cycle from outside alone', async () => {
    const network = defineNetwork({
      groups: { in: source(1), ring: lif(1, LIF) },
      projections: [connect('in', 'ring', dense(20), { delay: 0 }), connect('ring', 'ring', dense(1), { delay: 5 })],
    })
    await using session = await open(network)
    const { parameters } = await hurry(session, 'ring', { rates: { delays: 1e-6 }, bounds: { delays: [0, 20] } })
    expect(parameters.projections['in->ring']!.delays[0]).toBeLessThan(0.1)
  })

  test('lets other delays fall to their bound', async () => {
    await using session = await open(twoLayers())
    const options = { optimizer: adam, rates: { delays: 10 }, bounds: { delays: [0, 20] as const } }
    const { parameters } = await hurry(session, 'out', options)
    expect(parameters.projections['hidden->out']!.delays).toEqual(Float64Array.of(0))
  })

  test('keeps thresholds above vReset, whatever the bounds', async () => {
    const network = defineNetwork({
      groups: { in: source(1), out: lif(2, { ...LIF, vReset: [0, -0.5] }) },
      projections: [connect('in', 'out', dense(8))],
    })
    for (const bounds of [{}, { thresholds: [-3, 2] as const }]) {
      await using session = await open(network)
      const { gradients, parameters } = await hurry(session, 'out', { rates: { thresholds: 1e6 }, bounds })
      expect(Math.min(...gradients.groups.out!.threshold!)).toBeGreaterThan(0)
      expect(parameters.groups.out!.threshold).toEqual(Float64Array.of(1e-3, -0.5 + 1e-3))
    }
  })
})

function oneKernel() {
  const kernel = kernelOfGroup(instantiate(twoLayers(), 0), 'hidden')
  const updates = createParameterUpdates(kernel, new Set())
  const gradient = vectorGradient(new Float64Array(kernel.layout.gradientLength).fill(1))
  /** How far the biases move. */
  const move = (optimizer: OptimizerKind) => {
    const before = kernel.parameters[kernel.layout.bias]!
    updates.step(gradient, step({ optimizer, rates: { bias: 0.25 } }), 1)
    return before - kernel.parameters[kernel.layout.bias]!
  }
  return { kernel, updates, move }
}

describe('the memory of the optimiser', () => {
  test('goes on as long as the method stays the same, value by value', () => {
    const { move } = oneKernel()
    expect([move(sgd(0.5)), move(sgd(0.5)), move({ ...sgd(0.5) })]).toEqual([0.25, 0.375, 0.4375])
  })

  test('starts anew when the method or one of its numbers changes', () => {
    const { move } = oneKernel()
    expect([move(sgd(0.5)), move(sgd(0.5)), move(sgd(0.25)), move(sgd(0.25))]).toEqual([0.25, 0.375, 0.25, 0.3125])
    expect(move(adam)).toBeCloseTo(0.25, 6)
    expect(move(sgd(0.25))).toBe(0.25)
  })

  test('is that of the steps before once others are put back, also where they were the first', () => {
    const { updates, move } = oneKernel()
    for (const optimizer of [sgd(0.5), sgd(0.5), sgd(0.25)]) {
      const kept = updates.keep()
      const moves = [move(optimizer), move(optimizer)]
      updates.putBack(kept)
      expect([move(optimizer), move(optimizer)]).toEqual(moves)
    }
  })
})

test('steps are taken back from the one of a run on, with what the optimiser has learned in them', () => {
  const { kernel, updates, move } = oneKernel()
  const kept = createKeptSteps([updates])
  const bias = () => kernel.parameters[kernel.layout.bias]!
  const taken = [1, 2].map((run) => {
    kept.keep(run)
    const before = { bias: bias(), memories: updates.memories() }
    return { before, moved: move(sgd(0.5)) }
  })
  expect(taken.map(({ moved }) => moved)).toEqual([0.25, 0.375])
  expect(kept.undo(3)).toBe(false)
  for (const run of [2, 1]) {
    expect(kept.undo(run)).toBe(true)
    const { before, moved } = taken[run - 1]!
    expectSameBits({ bias: bias(), memories: updates.memories() }, before)
    kept.keep(run)
    expect(move(sgd(0.5))).toBe(moved)
  }
})

test('the arrays of a group are its whole parameter vector', () => {
  const instance = instantiate(twoLayers(), 0)
  for (const name of ['hidden', 'out']) {
    const kernel = kernelOfGroup(instance, name)
    const arrays = learnedArrays(kernel).toSorted((a, b) => a.from - b.from)
    expect(arrays.map(({ from }) => from)).toEqual([0, ...arrays.slice(0, -1).map(({ to }) => to)])
    expect(arrays.at(-1)!.to).toBe(kernel.layout.length)
    expect(arrays.map(({ kind }) => kind)).toEqual([
      ...['weights', 'delays', 'bias', 'thresholds', 'adaptation'],
      ...['taus', 'taus', 'taus'],
    ])
  }
})

describe('waking silent neurons', () => {
  const network = defineNetwork({
    groups: { in: source(2), out: lif(3, LIF), other: lif(1, LIF) },
    projections: [
      connect(
        'in',
        'out',
        dense([
          [8, 0],
          [0.25, null],
          [0.5, 8],
        ]),
      ),
      connect(
        'in',
        'out',
        dense([
          [null, 0],
          [null, 1],
          [0, 0],
        ]),
        { name: 'second' },
      ),
    ],
  })
  /** Unit 0 drives neuron 0 in the first trial, unit 1 neuron 2 in the second; neuron 1 is silent in both. */
  const trials = {
    ...TWO_TRIALS,
    inputs: {
      in: { offsets: Uint32Array.of(0, 1, 2), times: Float64Array.of(1, 1), units: Uint32Array.of(0, 1) },
    },
    labels: LABELS,
  }

  test('adds to every weight into neurons without any spike, but not where there is no synapse', async () => {
    await using session = await open(network)
    await session.train(trials, step({ silentWeightStep: { out: 0.5 } }))
    const { projections } = await session.parameters()
    expect(projections['in->out']!.weights).toEqual(Float64Array.of(8, 0, 0.75, 0, 0.5, 8))
    expect(projections.second!.weights).toEqual(Float64Array.of(0, 0, 0, 1.5, 0, 0))
  })

  test('adds the same where weights are learned in rows, up to their bound', async () => {
    const rows = [
      [8, 0],
      [0.25, 0],
      [0.5, 8],
    ]
    await using session = await open(
      defineNetwork({ groups: { in: source(2), out: lif(3, LIF) }, projections: [connect('in', 'out', dense(rows))] }),
    )
    const options = { optimizer: adam, rates: { weights: 0 }, silentWeightStep: { out: 0.25 } }
    for (const most of [8, 0.7]) await session.train(trials, step({ ...options, bounds: { weights: [0, most] } }))
    const { projections } = await session.parameters()
    expect(projections['in->out']!.weights).toEqual(Float64Array.of(0.7, 0, 0.7, 0.5, 0.5, 0.7))
  })

  test('is off unless the group is named', async () => {
    await using session = await open(network)
    const before = await session.parameters()
    await session.train(trials, step({ silentWeightStep: { other: 0.5 } }))
    expectSameBits(await session.parameters(), before)
  })
})
