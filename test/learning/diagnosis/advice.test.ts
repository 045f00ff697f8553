import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { ASKED_FOR, type KernelChoice } from '../../../src/dynamics/kernels/choose-kernel.js'
import { type AdviceContext, adviceOn } from '../../../src/learning/diagnosis/advice.js'
import type { LayerDiagnosis } from '../../../src/learning/diagnosis/layer-diagnosis.js'
import { adam } from '../../../src/learning/optimizers/adam.js'
import type { Task } from '../../../src/learning/task.js'
import { train } from '../../../src/learning/train.js'
import type { TrainOptions } from '../../../src/learning/train-options.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { lif, source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { tinyTask } from '../../support/tiny-task.js'

const leaky = { tauMem: 10, tauSyn: 5, threshold: 1 }

/** The tiny task on another network: two inputs, some hidden neurons with their weights, two outputs. */
function taskOf(hidden: readonly number[], out = 3, delay = 0, bias = 0): Task {
  return {
    ...tinyTask(),
    network: defineNetwork({
      groups: { input: source(2), hidden: lif(hidden.length, { ...leaky, bias }), out: lif(2, leaky) },
      projections: [
        connect('input', 'hidden', dense(hidden.map((weight) => [weight, weight * 1.1]))),
        connect('hidden', 'out', dense(out), { delay }),
      ],
    }),
  }
}

async function adviceFor(task: Task, options: Partial<TrainOptions> = {}): Promise<readonly string[]> {
  await using session = await open(task.network, { seed: 1 })
  for await (const { advice } of train(session, task, {
    optimizer: adam({ learningRate: 1e-6 }),
    epochs: 1,
    batch: 6,
    ...options,
  }))
    return advice
  return []
}

describe('a network', () => {
  test('that is well gets no advice', async () => {
    expect(await adviceFor(taskOf([3, 4, 5, 6]))).toEqual([])
  })

  test('whose hidden neurons are silent is told so', async () => {
    const mostly = taskOf([5, 0.1, 0.1, 5, 0.1])
    expect(await adviceFor(mostly)).toEqual([
      'hidden: 60 % of neurons never spike; raise the initial weights or switch on the silent hinge.',
    ])
    expect(await adviceFor(mostly, { silentHinge: { hidden: 0.1 } })).toEqual([
      'hidden: 60 % of neurons never spike; raise the initial weights or strengthen the silent hinge.',
    ])
    expect(await adviceFor(taskOf([0.1, 0.1]))).toEqual([
      'hidden: no neuron ever spikes; raise the initial weights or switch on the silent hinge.',
      'out: no unit ever spikes; raise the initial weights or switch on the hinge on silent labels.',
    ])
  })

  test('whose outputs are silent is told so, and what that means for the layers before', async () => {
    const advice = await adviceFor(taskOf([5, 5], 0.01), { silentLabelHinge: 0 })
    expect(advice).toEqual([
      'hidden: no gradient arrives, so nothing is learned; what it drives is silent, or its spikes arrive after the trial ends.',
      'out: no unit ever spikes; raise the initial weights or switch on the hinge on silent labels.',
    ])
    expect(await adviceFor(taskOf([5, 5], 0.01), { silentLabelHinge: 1 })).toEqual([
      'out: no unit ever spikes; raise the initial weights or strengthen the hinge on silent labels.',
    ])
  })

  test('whose spikes come too late is told so', async () => {
    expect(await adviceFor(taskOf([5, 5], 3, 50))).toContain(
      'hidden: no gradient arrives, so nothing is learned; what it drives is silent, or its spikes arrive after the trial ends.',
    )
  })

  test('that spikes all the time is told so', async () => {
    const [sentence, ...rest] = await adviceFor(taskOf([5, 5], 3, 0, 40))
    expect(sentence).toMatch(
      /^hidden: 100 % of neurons are saturated in a trial, at \d{3}\.\d spikes on average; lower the initial weights or bound the thresholds from below\.$/,
    )
    expect(rest.filter((each) => each.includes('silent'))).toEqual([])
  })
})

describe('an epoch', () => {
  const well: LayerDiagnosis = {
    silent: 0.5,
    silentNeurons: 0.1,
    saturated: 0,
    spikes: 1,
    grazing: 0,
    grazingFraction: 0,
    exploding: 0,
    gradientNorm: 1,
  }
  const context: AdviceContext = {
    step: {
      loss: { kind: 'spikeCount', group: 'out', tau: 20 },
      silentHinge: {},
      silentLabelHinge: 0,
      clipNorm: Number.POSITIVE_INFINITY,
    },
    silentLabelFraction: 0,
  }
  const advice = (layer: Partial<LayerDiagnosis>, name = 'hidden', change: Partial<AdviceContext> = {}) =>
    adviceOn({ layers: { [name]: { ...well, ...layer } }, gradientNorms: {} }, { ...context, ...change })

  test('with explosions says how to tame them', () => {
    expect(advice({ exploding: 0.125 })).toEqual([
      'hidden: in 13 % of mini-batches the gradient is more than 100 times its median; clip the gradient or lower the learning rate.',
    ])
    const clipped = { step: { ...context.step, clipNorm: 1 } }
    expect(advice({ exploding: 0.125 }, 'hidden', clipped)[0]).toContain('clip at a smaller norm')
    expect(advice({ exploding: 0.01 })).toEqual([])
  })

  test('with grazing spikes says so', () => {
    expect(advice({ grazing: 30, grazingFraction: 0.03 })).toEqual([
      'hidden: 3 % of spikes graze the threshold, and their gradients are unreliable; take slower synapses (tauSyn) or clip the gradient.',
    ])
    expect(advice({ grazing: 1000, grazingFraction: 0.001 })).toEqual([])
  })

  test('with silent labels says how many', () => {
    expect(advice({ silentNeurons: 0 }, 'out', { silentLabelFraction: 0.35 })).toEqual([
      'out: the unit of the label is silent in 35 % of trials, which then have no loss; raise the initial weights or switch on the hinge on silent labels.',
    ])
    expect(advice({ silentNeurons: 0.1 }, 'out')[0]).toContain('10 % of its units never spike')
    expect(advice({ silentNeurons: 0 }, 'out', { silentLabelFraction: 0.1 })).toEqual([])
  })

  test('of an LI readout knows of gradients alone', () => {
    const li: LayerDiagnosis = {
      silent: null,
      silentNeurons: null,
      saturated: null,
      spikes: null,
      grazing: null,
      grazingFraction: null,
      exploding: null,
      gradientNorm: null,
    }
    expect(advice(li)).toEqual([])
    expect(advice({ ...li, gradientNorm: 0, exploding: 0 })).toHaveLength(1)
  })

  describe('tells what takes long', () => {
    const choice = { group: 'hidden', engine: 'simd', feed: 'shared', reasons: [] } as const
    const sentences = (change: Partial<KernelChoice>) => advice({}, 'hidden', { kernels: [{ ...choice, ...change }] })

    test('where a layer runs on the reference kernel', () => {
      expect(
        sentences({ engine: 'reference', reasons: ['it has two synaptic time constants', 'its thresholds x'] }),
      ).toEqual([
        'hidden: runs on the reference kernel, which takes long, because it has two synaptic time constants; its thresholds x.',
      ])
      expect(sentences({ group: 'other', engine: 'reference', reasons: ['x'] })).toEqual([])
    })

    test('and is silent where nothing does, or nobody wanted another kernel', () => {
      expect(sentences({})).toEqual([])
      expect(sentences({ engine: 'reference', reasons: [ASKED_FOR] })).toEqual([])
    })
  })
})
