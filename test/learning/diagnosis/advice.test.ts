import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { ASKED_FOR, type KernelChoice } from '../../../src/dynamics/kernels/choose-kernel.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { vMax } from '../../../src/learning/define-loss.js'
import { adviceOn } from '../../../src/learning/diagnosis/advice.js'
import type { AdviceContext } from '../../../src/learning/diagnosis/advice-context.js'
import { standsStill } from '../../../src/learning/diagnosis/earlier-epoch.js'
import type { LayerDiagnosis } from '../../../src/learning/diagnosis/layer-diagnosis.js'
import { adam } from '../../../src/learning/optimizers/adam.js'
import { sgd } from '../../../src/learning/optimizers/sgd.js'
import { constantRate, decayTo } from '../../../src/learning/schedules.js'
import { openSurrogate } from '../../../src/learning/surrogate/open-surrogate.js'
import type { Dataset, Task } from '../../../src/learning/task.js'
import { type Epoch, train } from '../../../src/learning/train.js'
import type { TrainOptions } from '../../../src/learning/train-options.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { tinyTask } from '../../support/tiny-task.js'

const leaky = { tauMem: 10, tauSyn: 5, threshold: 1 }

/** The tiny task on another network: two inputs, some hidden neurons with their weights, two outputs. */
function taskOf(hidden: readonly number[], out: number | number[][] = 3, { delay = 0, bias = 0 } = {}): Task {
  return {
    ...tinyTask(),
    network: defineNetwork({
      groups: { input: source(2), hidden: lif(hidden.length, { ...leaky, bias }), out: lif(2, leaky) },
      projections: [
        connect('input', 'hidden', dense(hidden.map((weight) => [weight, weight * 1.1]))),
        connect('hidden', 'out', dense(out as number), { delay }),
      ],
    }),
  }
}

/** The same with a readout of which the voltage counts, and classes that have names. */
function readoutTask(weights: readonly (readonly number[])[], hidden = [3, 4, 5, 6]): Task {
  const named = (dataset: Dataset) => ({ ...dataset, classNames: ['left', 'right'] })
  const { train: samples, validation, ...task } = tinyTask()
  return {
    ...task,
    ...{ train: named(samples), validation: named(validation), loss: vMax('out') },
    network: defineNetwork({
      groups: { input: source(2), hidden: lif(4, leaky), out: li(2, { tauMem: 10, tauSyn: 5 }) },
      projections: [
        connect('input', 'hidden', dense(hidden.map((weight) => [weight, weight * 1.1]))),
        connect('hidden', 'out', dense(weights as number[][])),
      ],
    }),
  }
}

const SLOW = { optimizer: adam({ learningRate: 1e-6 }), epochs: 1, batch: 6 }

/** What the epochs of a training say: the same here, on two cores, and if it goes on from any mini-batch. */
async function epochsOf(task: Task, options: Partial<TrainOptions> = {}): Promise<readonly Epoch[]> {
  const run = async (cores: number) => {
    const placement = cores === 1 ? {} : { placement: placeOnCores(task.network, cores) }
    await using session = await open(task.network, { seed: 1, ...placement })
    const epochs: Epoch[] = []
    for await (const epoch of train(session, task, { ...SLOW, ...options })) epochs.push(epoch)
    return epochs
  }
  const here = await run(1)
  expect(await run(2)).toStrictEqual(here)
  return here
}

async function adviceFor(task: Task, options: Partial<TrainOptions> = {}): Promise<readonly string[]> {
  return (await epochsOf(task, options)).at(-1)!.advice
}

describe('a network', () => {
  test('that is well gets no advice', async () => {
    expect(await adviceFor(taskOf([3, 4, 5, 6]))).toEqual([])
    const readout = [0.3, 0.3, 0.3, 0.3]
    expect(await adviceFor(readoutTask([readout, readout]))).toEqual([])
  })

  test('whose hidden neurons are silent is told so, and the option that helps', async () => {
    const mostly = taskOf([5, 0.1, 0.1, 5, 0.1])
    expect(await adviceFor(mostly)).toEqual([
      'hidden: 60 % of neurons never spike, 3 of 5; raise the initial weights (untilSpiking(task) finds some), or switch on the silent hinge (silentHinge: { hidden: 0.1 }).',
    ])
    expect(await adviceFor(mostly, { silentHinge: { hidden: 0.3 } })).toEqual([
      'hidden: 60 % of neurons never spike, 3 of 5; raise the initial weights (untilSpiking(task) finds some), or strengthen the silent hinge (silentHinge: { hidden: 0.3 }).',
    ])
    expect(await adviceFor(taskOf([0.1, 0.1]))).toEqual([
      'hidden: no neuron ever spikes; raise the initial weights (untilSpiking(task) finds some), or switch on the silent hinge (silentHinge: { hidden: 0.1 }).',
      'out: no unit ever spikes; raise the initial weights (untilSpiking(task) finds some), or switch on the hinge on silent labels (silentLabelHinge: 1).',
    ])
    expect((await adviceFor(taskOf([5, 5, 5, 0.1])))[0]).toMatch(/^hidden: 25 % of neurons never spike, 1 of 4;/)
  })

  test('whose outputs are silent is told so, and what that means for the layers before', async () => {
    expect(await adviceFor(taskOf([5, 5], 0.01), { silentLabelHinge: 0 })).toEqual([
      'hidden: no gradient arrives, so nothing is learned; what it drives is silent: out.',
      'out: no unit ever spikes; raise the initial weights (untilSpiking(task) finds some), or switch on the hinge on silent labels (silentLabelHinge: 1).',
    ])
    expect(await adviceFor(taskOf([5, 5], 0.01), { silentLabelHinge: 2 })).toEqual([
      'out: no unit ever spikes; raise the initial weights (untilSpiking(task) finds some), or strengthen the hinge on silent labels (silentLabelHinge: 2).',
    ])
    const half = [
      [3, 3],
      [0.01, 0.01],
    ]
    expect((await adviceFor(taskOf([5, 5], half))).at(-1)).toMatch(
      /^out: 50 % of its units never spike, so class 1 cannot be predicted;/,
    )
  })

  test('whose spikes come too late is told so', async () => {
    const [hidden] = await adviceFor(taskOf([5, 5], 3, { delay: 50 }))
    expect(hidden).toBe('hidden: no gradient arrives, so nothing is learned; what it drives is silent: out.')
  })

  test('that learns adaptation alone, although no neuron spikes twice, is told what that acts on', async () => {
    const { network } = taskOf([3, 4, 5, 6])
    const once = {
      ...network,
      groups: network.groups.map((group) => (group.kind === 'lif' ? { ...group, refractory: 18 } : group)),
    }
    expect(await adviceFor({ ...tinyTask(), network: once }, { learn: ['adaptation'] })).toEqual(
      ['hidden', 'out'].map(
        (name) =>
          `${name}: no gradient arrives, so nothing is learned; adaptation acts on the second spike of a neuron in a trial, and none has one; learn weights, too (learn: ['weights', 'adaptation']).`,
      ),
    )
  })

  test('that spikes all the time is told so', async () => {
    const busy = taskOf([5, 5], 3, { bias: 40 })
    const [sentence, ...rest] = await adviceFor(busy)
    expect(sentence).toMatch(
      /^hidden: 100 % of neurons are saturated in a trial, at \d{3}\.\d spikes on average; lower the initial weights\.$/,
    )
    expect(rest.filter((each) => each.includes('silent'))).toEqual([])
    expect((await adviceFor(busy, { learn: ['weights', 'thresholds'] }))[0]).toContain(
      'lower the initial weights, or bound the thresholds from below (bounds: { thresholds: [0.5, Infinity] }).',
    )
  })

  test('whose readout never rises is told of which class, and that this class is never predicted', async () => {
    const [up, down] = [
      [0.3, 0.3, 0.3, 0.3],
      [-1, -1, -1, -1],
    ]
    const epochs = await epochsOf(readoutTask([up, down]), {
      ...{ optimizer: adam({ learningRate: 1e-3 }), epochs: 2, batch: 24 },
    })
    const unrisen =
      'out: the readout of class "right" never rises above where it begins, so its maximum has no gradient; take a loss that has one (liIntegral(\'out\', { scale: 0.2 })), or other initial weights (the seed of the session).'
    const never =
      'out: never predicted, in this epoch and in the one before: class "right", of which there are 12 training samples, and the loss hardly falls; take other initial weights (the seed of the session), or another loss.'
    expect(epochs.map(({ advice }) => advice)).toEqual([[unrisen], [never, unrisen]])
    for (const { neverPredicted, diagnosis } of epochs) {
      expect(neverPredicted).toEqual(['right'])
      expect(diagnosis!.layers.out).toMatchObject({ deadUnits: [1], unrisen: 0.5, silent: null, spikes: null })
      expect(diagnosis!.layers.out!.maximum).toBeGreaterThan(0)
    }
    await using session = openSurrogate(readoutTask([up, down]).network, { seed: 1 })
    for await (const { advice } of train(session, readoutTask([up, down]), { ...SLOW, batch: 24 }))
      expect(advice).toEqual([unrisen])
  })

  test('whose loss does not move is told so, but not where it moves, or is meant to stand', async () => {
    const readout = [0.3, 0.2, 0.3, 0.2]
    const task = readoutTask([readout, readout.toReversed()])
    const still = { optimizer: sgd({ learningRate: 1e-9 }), epochs: 2, schedule: constantRate() }
    const [first, second] = await epochsOf(task, still)
    expect(first!.advice).toEqual([])
    expect(second!.advice).toContain(
      `out: the loss does not move: ${second!.loss!.toPrecision(4)} in this epoch and in the one before; raise the learning rate (learningRate: 1e-8).`,
    )
    const moving = await epochsOf(task, { ...still, optimizer: adam({ learningRate: 0.01 }) })
    expect(moving.flatMap(({ advice }) => advice).join()).not.toContain('does not move')
    // The schedule has come to its end.
    expect((await adviceFor(task, { ...still, schedule: decayTo(1e-4) })).join()).not.toContain('does not move')
  })

  test('whose gradient grows on its way back is told in which layer', async () => {
    const [left, right] = [
      [5000, 5000, 0, 0],
      [0, 0, 5000, 5000],
    ]
    expect(await adviceFor(readoutTask([left, right], [4, 4, 4, 4]))).toContainEqual(
      expect.stringMatching(
        /^hidden: the gradient is \d+ times that of out: it grows on its way back; lower the initial weights behind it, or clip the gradient \(clipNorm: 1\)\.$/,
      ),
    )
  })
})

describe('a loss stands still', () => {
  const before = { loss: 0.5, validationLoss: 0.4, neverPredicted: [] }
  const now = { loss: 0.50004, validationLoss: 0.4 }
  const setting = { factor: 1, accuracy: 0.9 }

  test('where it is the same to four digits', () => {
    expect(standsStill(before, now, setting)).toBe(true)
    expect(standsStill(before, now, { ...setting, accuracy: null })).toBe(true)
  })

  test.each<readonly [string, ...Parameters<typeof standsStill>]>([
    ['without an epoch before', null, now, setting],
    ['that moves', before, { ...now, loss: 0.5001 }, setting],
    ['that moves on the validation split', before, { ...now, validationLoss: 0.41 }, setting],
    ['of nothing', before, { ...now, loss: null }, setting],
    ['of 0', { ...before, loss: 0 }, { ...now, loss: 0 }, setting],
    ['where all is learned', before, now, { ...setting, accuracy: 1 }],
    ['at the end of a schedule', before, now, { ...setting, factor: 0.09 }],
  ])('but not one %s', (_, ...epoch) => {
    expect(standsStill(...epoch)).toBe(false)
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
    ...{ maximum: null, unrisen: null, deadUnits: [] },
    exploding: 0,
    gradientNorm: 1,
  }
  const { network } = taskOf([3, 4, 5, 6])
  const context: AdviceContext = {
    network,
    step: {
      rates: { weights: 0.01 },
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
      'hidden: in 13 % of mini-batches the gradient is more than 100 times its median; clip the gradient (clipNorm: 1), or lower the learning rate.',
    ])
    const clipped = { step: { ...context.step, clipNorm: 1 } }
    expect(advice({ exploding: 0.125 }, 'hidden', clipped)[0]).toContain('clip at a smaller norm than clipNorm: 1')
    expect(advice({ exploding: 0.01 })).toEqual([])
  })

  test('whose gradient grows on its way back says so beyond 100 times that of the output', () => {
    const grown = (gradientNorm: number) =>
      adviceOn(
        { layers: { hidden: { ...well, gradientNorm }, out: { ...well, silentNeurons: 0 } }, gradientNorms: {} },
        context,
      )
    expect(grown(100)).toEqual([])
    expect(grown(101)).toEqual([expect.stringMatching(/^hidden: the gradient is 101 times that of out: /)])
  })

  test('with grazing spikes says so', () => {
    expect(advice({ grazing: 30, grazingFraction: 0.03 })).toEqual([
      'hidden: 3 % of spikes graze the threshold, and their gradients are unreliable; take slower synapses (tauSyn), or clip the gradient (clipNorm: 1).',
    ])
    expect(advice({ grazing: 1000, grazingFraction: 0.001 })).toEqual([])
  })

  test('with silent labels says how many', () => {
    expect(advice({ silentNeurons: 0 }, 'out', { silentLabelFraction: 0.35 })).toEqual([
      'out: the unit of the label is silent in 35 % of trials, which then have no loss; raise the initial weights (untilSpiking(task) finds some), or switch on the hinge on silent labels (silentLabelHinge: 1).',
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
      ...{ maximum: 0.3, unrisen: 0, deadUnits: [] },
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
