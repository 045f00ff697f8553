import { describe, expect, it } from 'vitest'
import { adaptPreset } from '../../../src/data/presets/adapt-preset.js'
import { parsePreset } from '../../../src/data/presets/parse-preset.js'
import { adam } from '../../../src/learning/optimizers/adam.js'
import { sgd } from '../../../src/learning/optimizers/sgd.js'
import { cosineDecay, decayTo, easeIn, warmUp } from '../../../src/learning/schedules.js'

const TRAINING = { learn: ['weights'], epochs: 3, optimizer: { kind: 'adam', learningRate: 0.01 } }
const WHOLE = { format: 'antidrome-preset', version: 1, task: 'yin-yang', training: TRAINING }
/** As text, for an object with a method of this name would be taken for a promise. */
const WARM_UP = JSON.parse('{ "kind": "warmUp", "epochs": 2, "then": { "kind": "decayTo", "fraction": 0.1 } }')
const EASE_IN = JSON.parse('{ "kind": "easeIn", "then": { "kind": "cosine" } }')
const UNKNOWN_BEHIND = JSON.parse('{ "kind": "warmUp", "epochs": 2, "then": { "kind": "x" } }')
const parse = (change: object) => parsePreset(JSON.stringify({ ...WHOLE, ...change }), 'p.json')
const training = (change: object) => parse({ training: { ...TRAINING, ...change } }).training

describe('parsePreset', () => {
  it('reads everything a preset can say', () => {
    const preset = parse({
      comments: ['Why.'],
      network: { hidden: [3, 4], weights: { input: { mean: 1, std: 2 } }, delays: { output: { low: 0, high: 1 } } },
      data: { biasSpike: true, until: 50 },
      training: {
        ...TRAINING,
        learn: ['delays', 'weights'],
        batch: 8,
        rates: { delays: 0.2, bias: 0.1 },
        bounds: { delays: [0, 20], weights: [null, 3] },
        schedule: WARM_UP,
        loss: { kind: 'spikeCount', group: 'output', tau: 20 },
        clipNorm: 3,
        silentHinge: { hidden: 1 },
        spikeBudget: { hidden: { target: 1.5, high: 4 } },
      },
    })
    expect(preset).toEqual({
      task: 'yin-yang',
      comments: ['Why.'],
      options: {
        hidden: [3, 4],
        weights: { input: { mean: 1, std: 2 } },
        delays: { output: { low: 0, high: 1 } },
        biasSpike: true,
        until: 50,
      },
      training: {
        learn: ['weights', 'delays'],
        epochs: 3,
        batch: 8,
        optimizer: adam({ learningRate: 0.01 }),
        rates: { delays: 0.2, bias: 0.1 },
        bounds: { delays: [0, 20], weights: [Number.NEGATIVE_INFINITY, 3] },
        schedule: warmUp(2, decayTo(0.1)),
        loss: { kind: 'spikeCount', group: 'output', tau: 20 },
        clipNorm: 3,
        silentHinge: { hidden: 1 },
        spikeBudget: { hidden: { target: 1.5, high: 4 } },
      },
    })
    const optimizer = { kind: 'sgd', learningRate: 0.5, momentum: 0.25 }
    expect(training({ optimizer }).optimizer).toEqual(sgd({ learningRate: 0.5, momentum: 0.25 }))
    for (const kind of ['constant', 'exponential'] as const) {
      const schedule = kind === 'constant' ? { kind } : { kind, factor: 0.5, pace: 'step' }
      expect(training({ schedule }).schedule).toEqual(schedule)
    }
    expect(training({ schedule: EASE_IN }).schedule).toEqual(easeIn({}, cosineDecay()))
  })

  it.each([
    [
      { format: 'antidrome-network' },
      'format: found "antidrome-network", expected "antidrome-preset"',
      'PRESET_FORMAT',
    ],
    [{ version: 2 }, 'version: found 2, expected 1', 'PRESET_FORMAT'],
    [{ task: 'cifar' }, 'task: found "cifar", expected "yin-yang", "mnist"', 'OPTION_OUT_OF_RANGE'],
    [{ extra: 1 }, 'extra: found an unknown field', 'FIELD_UNKNOWN'],
    [{ comments: 'x' }, 'comments: found "x", expected a list', 'FIELD_TYPE'],
    [{ network: { hiden: 3 } }, 'network.hiden: found an unknown field', 'FIELD_UNKNOWN'],
    [{ network: { learnDelays: true } }, 'network.learnDelays: found an unknown field', 'FIELD_UNKNOWN'],
    [{ data: { shift: 1 } }, 'data.shift: found an unknown field', 'FIELD_UNKNOWN'],
    [{ data: { until: -1 } }, 'data.until: found -1, expected a number above 0', 'OPTION_OUT_OF_RANGE'],
    [{ training: undefined }, 'training: found nothing', 'FIELD_MISSING'],
    [
      { training: { loss: { module: './loss.js', group: 'output' } } },
      'training.loss.module: found the module "./loss.js", whose code would run here',
      'MODULES_FORBIDDEN',
    ],
  ])('refuses %j', (change, message, code) => {
    expect(() => parse(change)).toThrow(`p.json: ${message}`)
    expect(() => parse(change)).toThrow(expect.objectContaining({ code }))
  })

  it.each([
    [{ optimizer: undefined }, 'training.optimizer: found nothing', 'FIELD_MISSING'],
    [{ optimizer: { kind: 'lion' } }, 'training.optimizer.kind: found "lion"', 'OPTION_OUT_OF_RANGE'],
    [{ optimizer: { kind: 'adam' } }, 'training.optimizer.learningRate: found nothing', 'FIELD_MISSING'],
    [{ optimizer: { kind: 'sgd', learningRate: 1, beta1: 0 } }, 'training.optimizer.beta1: found an', 'FIELD_UNKNOWN'],
    [
      { optimizer: { kind: 'adam', learningRate: 1, beta2: 1 } },
      'training.optimizer.beta2: found 1',
      'OPTION_OUT_OF_RANGE',
    ],
    [{ learn: ['colour'] }, 'training.learn: found "colour"', 'LEARN_KIND_UNKNOWN'],
    [{ learn: [] }, 'training.learn: found nothing', 'LEARN_EMPTY'],
    [{ epochs: 0 }, 'training.epochs: found 0, expected an integer from 1', 'OPTION_OUT_OF_RANGE'],
    [{ seed: 3 }, 'training.seed: found an unknown field', 'FIELD_UNKNOWN'],
    [{ rates: { weights: 0 } }, 'training.rates.weights: found 0', 'OPTION_OUT_OF_RANGE'],
    [{ rates: { colour: 1 } }, 'training.rates.colour: found "colour"', 'LEARN_KIND_UNKNOWN'],
    [{ bounds: { weights: [0] } }, 'training.bounds.weights: found 1 values', 'SHAPE_MISMATCH'],
    [{ spikeBudget: { hidden: {} } }, 'training.spikeBudget.hidden.target: found nothing', 'FIELD_MISSING'],
    [{ schedule: { kind: 'stairs' } }, 'training.schedule.kind: found "stairs"', 'SCHEDULE_KIND_UNKNOWN'],
    [{ schedule: { kind: 'easeIn', factor: 1 } }, 'training.schedule.factor: found 1', 'OPTION_OUT_OF_RANGE'],
    [{ schedule: UNKNOWN_BEHIND }, 'training.schedule.then.kind: found "x"', 'SCHEDULE_KIND_UNKNOWN'],
    [{ schedule: { kind: 'decayTo' } }, 'training.schedule.fraction: found nothing', 'FIELD_MISSING'],
    [{ loss: { kind: 'mse', group: 'output' } }, 'training.loss.kind: found "mse"', 'LOSS_KIND_UNKNOWN'],
    [{ silentHinge: { hidden: -1 } }, 'training.silentHinge.hidden: found -1', 'OPTION_OUT_OF_RANGE'],
  ])('refuses a training with %j', (change, message, code) => {
    expect(() => training(change)).toThrow(`p.json: ${message}`)
    expect(() => training(change)).toThrow(expect.objectContaining({ code }))
  })
})

describe('adaptPreset', () => {
  const preset = parse({
    network: { hidden: 30 },
    training: {
      ...TRAINING,
      rates: { weights: 0.02, delays: 0.2, adaptation: 0.003 },
      bounds: { delays: [0, 9] },
      silentWeightStep: { hidden: 0.003 },
    },
  })

  it('keeps what is said of the kinds that are learned', () => {
    expect(adaptPreset(preset)).toMatchObject({ options: { hidden: 30, learnDelays: false, adaptation: false } })
    expect(adaptPreset(preset).training).toMatchObject({ rates: { weights: 0.02 }, bounds: {}, epochs: 3 })
    const other = adaptPreset(preset, { learn: ['delays', 'adaptation'], epochs: 9, batch: 2, recurrent: true })
    expect(other.options).toMatchObject({ learnDelays: true, adaptation: true, recurrent: true, hidden: 30 })
    expect(other.training).toMatchObject({
      learn: ['delays', 'adaptation'],
      rates: { delays: 0.2, adaptation: 0.003 },
      bounds: { delays: [0, 9] },
      epochs: 9,
      batch: 2,
    })
    expect(other.training.rates).not.toHaveProperty('weights')
  })

  it('gives every hidden layer what is said of the hidden neurons', () => {
    const { options, training: adapted } = adaptPreset(preset, { hidden: [5, 6] })
    expect(options.hidden).toEqual([5, 6])
    expect(adapted.silentWeightStep).toEqual({ hidden1: 0.003, hidden2: 0.003 })
    expect(adapted).not.toHaveProperty('spikeBudget')
    const held = {
      spikeBudget: { hidden: { target: 2 }, output: { target: 9 } },
    }
    const layered = { ...preset, training: { ...preset.training, ...held } }
    expect(adaptPreset(layered, { hidden: [5, 6] }).training).toMatchObject({
      spikeBudget: { hidden1: { target: 2 }, hidden2: { target: 2 }, output: { target: 9 } },
    })
  })
})
