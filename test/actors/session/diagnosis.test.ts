import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { KernelKind } from '../../../src/dynamics/kernels/kernel-kind.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { saturationLimit } from '../../../src/learning/diagnosis/firing-tally.js'
import { sgd } from '../../../src/learning/optimizers/sgd.js'
import type { Parameters, StepOptions } from '../../../src/learning/session.js'
import { type Epoch, train } from '../../../src/learning/train.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import { connect, dense, perSynapse, type Synapse, synapses } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { openLinked } from '../../support/open-linked.js'
import { tinyTask } from '../../support/tiny-task.js'
import { FIVE_UNITS, LABELS, step } from '../small-networks.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const

/** Some neurons are silent, some spike for as long as the trial lasts, some slices hold neither. */
const NETWORK = defineNetwork({
  groups: {
    in: source(6),
    hidden: lif(70, { ...LIF, bias: Array.from({ length: 70 }, (_, n) => (n % 9 === 0 ? 8 : 0)) }),
    slow: lif(40, { ...LIF, refractory: 9 }),
    out: li(2, { tauMem: 20, tauSyn: 5 }),
  },
  projections: [
    connect('in', 'hidden', dense(normal(0.6, 0.9)), { delay: perSynapse(uniform(0, 5)) }),
    connect('hidden', 'slow', dense(normal(0.5, 0.1))),
    connect('slow', 'out', dense(normal(0.1, 0.1))),
  ],
})

const TRIALS = {
  count: 2,
  until: 60,
  labels: LABELS,
  inputs: FIVE_UNITS,
}

const STEP: StepOptions = step({
  loss: { kind: 'vMax', group: 'out' },
  rates: { weights: 0.01, delays: 0.1, thresholds: 0.01, bias: 0.01 },
  bounds: { delays: [0, 20] },
})

describe('the diagnosis of a step', () => {
  test('counts what a recording shows', async () => {
    await using session = await open(NETWORK, { seed: 3 })
    const { spikes } = await session.simulate(TRIALS)
    const { diagnosis } = await session.train(TRIALS, STEP)
    for (const [name, refractory] of [
      ['hidden', 0],
      ['slow', 9],
    ] as const) {
      const { offsets, units } = spikes[name]!
      const size = name === 'hidden' ? 70 : 40
      const counts = [0, 1].map((trial) => {
        const ofTrial = [...units.subarray(offsets[trial]!, offsets[trial + 1]!)]
        return Array.from({ length: size }, (_, n) => ofTrial.filter((unit) => unit === n).length)
      })
      const { gradientNorm, grazing, ...found } = diagnosis!.groups[name]!
      expect(found).toEqual({
        spikes: Float64Array.from(counts[0]!, (count, n) => count + counts[1]![n]!),
        pairs: 2 * size,
        silent: counts.flat().filter((count) => count === 0).length,
        saturated: counts.flat().filter((count) => count > saturationLimit(TRIALS.until, refractory)).length,
      })
      expect(found.silent > 0 || name === 'slow').toBe(true)
      expect(found.saturated).toBeGreaterThan(0)
      expect(gradientNorm).toBeGreaterThan(0)
      expect(grazing).toBeGreaterThanOrEqual(0)
    }
    expect(diagnosis!.groups.out).toMatchObject({ spikes: new Float64Array(0), pairs: 0, silent: 0, saturated: 0 })
    expect(Object.keys(diagnosis!.groups)).toEqual(['hidden', 'slow', 'out'])
  })

  test('has the norms of the gradients, by kind and by layer', async () => {
    await using session = await open(NETWORK, { seed: 3 })
    const { gradients } = await session.gradient(TRIALS, STEP.loss, LABELS)
    const { diagnosis, gradientNorm } = await session.train(TRIALS, STEP)
    const normOf = (...arrays: (Float64Array | undefined)[]) => Math.hypot(...arrays.flatMap((a) => [...(a ?? [])])) / 2
    const { projections, groups }: Parameters = gradients
    const [first, second, third] = ['in->hidden', 'hidden->slow', 'slow->out'].map((key) => projections[key]!)
    const { hidden, slow, out } = groups
    const kinds = {
      weights: normOf(first!.weights, second!.weights, third!.weights),
      delays: normOf(first!.delays),
      thresholds: normOf(hidden!.threshold, slow!.threshold),
      bias: normOf(hidden!.bias, slow!.bias, out!.bias),
    }
    const layers = {
      hidden: normOf(first!.weights, first!.delays, hidden!.threshold, hidden!.bias),
      slow: normOf(second!.weights, slow!.threshold, slow!.bias),
      out: normOf(third!.weights, out!.bias),
    }
    expect(Object.keys(diagnosis!.gradientNorms)).toEqual(Object.keys(kinds))
    for (const [kind, norm] of Object.entries(kinds))
      expect(diagnosis!.gradientNorms[kind as keyof typeof kinds]! / norm).toBeCloseTo(1, 10)
    for (const [name, norm] of Object.entries(layers))
      expect(diagnosis!.groups[name]!.gradientNorm! / norm).toBeCloseTo(1, 10)
    expect(gradientNorm / Math.hypot(...Object.values(kinds))).toBeCloseTo(1, 10)
  })

  test('knows where nothing is learned', async () => {
    await using session = await open(NETWORK, { seed: 3 })
    const { diagnosis } = await session.train(TRIALS, { ...STEP, rates: { thresholds: 0.01 } })
    expect(diagnosis!.groups.out!.gradientNorm).toBeNull()
    expect(diagnosis!.groups.hidden!.gradientNorm).toBeGreaterThan(0)
    expect(Object.keys(diagnosis!.gradientNorms)).toEqual(['thresholds'])
  })

  test('is the same on every placement, bit by bit, also over links', async () => {
    const diagnosed = async (session: Awaited<ReturnType<typeof open>>) => {
      await using running = session
      return [await running.train(TRIALS, STEP), await running.train(TRIALS, STEP)].map(({ diagnosis }) => diagnosis)
    }
    const whole = await diagnosed(await open(NETWORK, { seed: 3 }))
    for (const cores of [2, 3, 4]) {
      const placement = placeOnCores(NETWORK, cores)
      expect(await diagnosed(await open(NETWORK, { seed: 3, placement }))).toStrictEqual(whole)
      expect(await diagnosed(await openLinked(NETWORK, placement, { seed: 3 }))).toStrictEqual(whole)
    }
  })
})

test('a training tells which layers run on the reference kernel, and why', async () => {
  const { network, ...task } = tinyTask()
  // Next to no synapses.
  const listed = Array.from({ length: 10 }, (_, k): Synapse => [k % 2, k, 4])
  const drawn = defineNetwork({
    groups: { input: source(2), hidden: lif(6000, LIF), out: lif(2, LIF) },
    projections: [connect('input', 'hidden', synapses(listed)), connect('hidden', 'out', dense(normal(3, 1)))],
  })
  expect(drawn.groups.map(({ name }) => name)).toEqual(network.groups.map(({ name }) => name))
  const adviceWith = async (kernel: KernelKind) => {
    await using session = await open(drawn, { kernel })
    const epochs = train(session, { ...task, network: drawn }, { optimizer: sgd({ learningRate: 1e-3 }), epochs: 1 })
    const { value } = await epochs[Symbol.asyncIterator]().next()
    return (value as Epoch).advice
  }
  const kernels =
    'hidden: runs on the reference kernel, which takes long, because fewer than a hundredth of its pairs have a synapse (10 of 12000); it has fewer than 10000 synapses.'
  const advice = await adviceWith('simd')
  expect(advice).toContain(kernels)
  expect(await adviceWith('reference')).toEqual(advice.filter((sentence) => sentence !== kernels))
})
