import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/events/errors.js'
import { adam } from '../../src/learning/optimizers/adam.js'
import { defaultBounds, PARAMETER_KINDS, requireParameterKinds } from '../../src/learning/parameter-kinds.js'
import { decayTo } from '../../src/learning/schedules.js'
import type { ParameterKind } from '../../src/learning/session.js'
import { train } from '../../src/learning/train.js'
import type { TrainOptions } from '../../src/learning/train-options.js'
import { configureTraining } from '../../src/learning/training-config.js'
import type { Delays, Network, Quantity } from '../../src/network/description/network.js'
import { openLinearRace, raceNetwork, raceTask } from './linear-race.js'

const task = raceTask({ train: 20, validation: 5 })
const basic: TrainOptions = { optimizer: adam({ learningRate: 0.01 }), epochs: 3 }
const config = (options: Partial<TrainOptions> = {}, network = raceNetwork) =>
  configureTraining(network, task, { ...basic, ...options })

function withDelays(delays: Delays): Network {
  return { ...raceNetwork, projections: raceNetwork.projections.map((each) => ({ ...each, delays })) }
}

function withThreshold(threshold: Quantity, vReset: Quantity = 0): Network {
  return {
    ...raceNetwork,
    groups: raceNetwork.groups.map((group) => (group.kind === 'lif' ? { ...group, threshold, vReset } : group)),
  }
}

describe('a training configuration', () => {
  it('has its defaults', () => {
    expect(config()).toEqual({
      epochs: 3,
      completedEpochs: 0,
      batch: 32,
      seed: 0,
      dropLast: false,
      schedule: decayTo(0.02),
      learningRate: 0.01,
      patience: null,
      keepBest: false,
      step: {
        loss: task.loss,
        optimizer: basic.optimizer.kind,
        rates: { weights: 0.01 },
        bounds: { weights: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] },
        clipNorm: Number.POSITIVE_INFINITY,
        silentLabelHinge: 0,
        silentHinge: {},
        silentWeightStep: {},
      },
    })
  })

  it('gives exactly the learned kinds a rate and bounds', () => {
    const network = withDelays({ kind: 'scalar', value: 1 })
    fc.assert(
      fc.property(fc.subarray([...PARAMETER_KINDS], { minLength: 1 }), (learn) => {
        const { step } = config({ learn }, network)
        expect(Object.keys(step.rates)).toEqual(learn)
        // Every time constant has bounds of its own.
        expect(Object.keys(step.bounds)).toEqual(learn.filter((kind) => kind !== 'taus'))
        expect(Object.values(step.rates).every((rate) => rate > 0)).toBe(true)
      }),
    )
    expect(config({ learn: PARAMETER_KINDS }, network).step.rates).toEqual({
      weights: 0.01,
      delays: 0.2,
      thresholds: 0.002,
      adaptation: 0.003,
      taus: 0.05,
      bias: 0.01,
    })
  })

  const mistakes: [string, Partial<TrainOptions>, string][] = [
    ['TRAIN_OPTION', { epochs: 0 }, 'epochs'],
    ['TRAIN_OPTION', { epochs: 1.5 }, 'epochs'],
    ['TRAIN_OPTION', { epochs: Number.POSITIVE_INFINITY }, 'epochs'],
    ['TRAIN_OPTION', { completedEpochs: -1 }, 'completedEpochs'],
    ['TRAIN_OPTION', { batch: 0 }, 'batch'],
    ['TRAIN_OPTION', { batch: 21, dropLast: true }, 'batch'],
    ['TRAIN_OPTION', { seed: -1 }, 'seed'],
    ['TRAIN_OPTION', { seed: 2 ** 53 }, 'seed'],
    ['TRAIN_OPTION', { patience: 0 }, 'patience'],
    ['TRAIN_OPTION', { patience: 1.5 }, 'patience'],
    ['TRAIN_OPTION', { clipNorm: 0 }, 'clipNorm'],
    ['TRAIN_OPTION', { clipNorm: Number.NaN }, 'clipNorm'],
    ['TRAIN_OPTION', { silentLabelHinge: -1 }, 'silentLabelHinge'],
    ['TRAIN_OPTION', { silentHinge: { output: Number.NaN } }, 'silentHinge.output'],
    ['TRAIN_OPTION', { silentWeightStep: { output: -1 } }, 'silentWeightStep.output'],
    ['TRAIN_OPTION', { rates: { weights: 0 } }, 'rates.weights'],
    ['TRAIN_OPTION', { rates: { weights: Number.POSITIVE_INFINITY } }, 'rates.weights'],
    ['TRAIN_OPTION', { bounds: { weights: [2, 1] } }, 'bounds.weights'],
    ['TRAIN_OPTION', { bounds: { weights: [Number.NaN, 1] } }, 'bounds.weights'],
    ['TRAIN_OPTION', { learn: ['adaptation'], bounds: { adaptation: [-1, 1] } }, 'bounds.adaptation'],
    ['TRAIN_OPTION', { learn: ['taus'], bounds: { taus: [0, 9] } }, 'bounds.taus'],
    ['TRAIN_KIND_NOT_LEARNED', { rates: { taus: 1 } }, 'rates.taus'],
    ['TRAIN_KIND_NOT_LEARNED', { rates: { delays: 1 } }, 'rates.delays'],
    ['TRAIN_KIND_NOT_LEARNED', { bounds: { delays: [0, 1] } }, 'bounds.delays'],
    ['TRAIN_KIND_NOT_LEARNED', { decay: { delays: 1 } }, 'decay.delays'],
    ['TRAIN_OPTION', { decay: { weights: -1 } }, 'decay.weights'],
    ['TRAIN_OPTION', { decay: { weights: 101 } }, 'decay.weights'],
    ['TRAIN_DECAY_KIND', { learn: ['thresholds'], decay: { thresholds: 1 } as object }, 'decay.thresholds'],
    ['TRAIN_GROUP', { silentHinge: { hidden: 1 } }, 'silentHinge.hidden'],
    ['TRAIN_GROUP', { silentWeightStep: { input: 1 } }, 'silentWeightStep.input'],
    ['TRAIN_GROUP', { spikeBudget: { hidden: { target: 1 } } }, 'spikeBudget.hidden'],
    ['FIELD_TYPE', { spikeBudget: { output: 1 as never } }, 'spikeBudget.output'],
    ['FIELD_MISSING', { spikeBudget: { output: {} as { target: number } } }, 'spikeBudget.output.target'],
    ['TRAIN_OPTION', { spikeBudget: { output: { target: 0 } } }, 'spikeBudget.output.target'],
    ['TRAIN_OPTION', { spikeBudget: { output: { target: 1, low: 7 } } }, 'spikeBudget.output.high'],
    ['TRAIN_OPTION', { spikeBudget: { output: { target: 1, low: -1 } } }, 'spikeBudget.output.low'],
    ['TRAIN_OPTION', { spikeBudget: { output: { target: 1, gain: 0 } } }, 'spikeBudget.output.gain'],
    ['NUMBER_NOT_FINITE', { spikeBudget: { output: { target: 1, start: Infinity } } }, 'spikeBudget.output.start'],
    ['TRAIN_GROUP', { loss: { kind: 'liIntegral', group: 'output', tau: 1, scale: 1 } }, 'loss.group'],
    ['TRAIN_GROUP', { loss: { kind: 'vMax', group: 'output' } }, 'loss.group'],
    ['TRAIN_GROUP', { loss: { kind: 'spikeCount', group: 'outptu', tau: 20 } }, 'loss.group'],
    ['LEARN_NOTHING', { learn: ['delays'] }, 'learn'],
    ['LEARN_EMPTY', { learn: [] }, 'learn'],
  ]
  it.each(mistakes)('refuses with %s %o', (code, options, field) => {
    expect(() => config(options)).toThrow(InputError)
    expect(() => config(options)).toThrow(
      expect.objectContaining({ code, mistake: expect.objectContaining({ field }) }),
    )
  })

  it('refuses an empty split', () => {
    for (const sizes of [
      { train: 0, validation: 1 },
      { train: 1, validation: 0 },
    ]) {
      const empty = () => configureTraining(raceNetwork, raceTask(sizes), basic)
      expect(empty).toThrow(expect.objectContaining({ code: 'DATASET_EMPTY' }))
    }
  })

  it('is made before the first epoch is asked for', () => {
    expect(() => train(openLinearRace(), task, { ...basic, epochs: -1 })).toThrow(InputError)
  })
})

describe('parameter kinds', () => {
  it('come in one order, each once', () => {
    const names = fc.array(fc.constantFrom(...PARAMETER_KINDS), { minLength: 1 })
    fc.assert(
      fc.property(names, (list) => {
        const kinds = requireParameterKinds(list)
        expect(new Set(kinds)).toEqual(new Set<ParameterKind>(list))
        expect(kinds).toEqual(PARAMETER_KINDS.filter((kind) => kinds.includes(kind)))
      }),
    )
  })

  it('have names, and no others', () => {
    expect(requireParameterKinds(['taus', 'weights'])).toEqual(['weights', 'taus'])
    const unknown = () => requireParameterKinds(['weight'])
    expect(unknown).toThrow(expect.objectContaining({ code: 'LEARN_KIND_UNKNOWN' }))
  })
})

describe('default bounds', () => {
  it('hold a threshold above half its start, whatever its origin', () => {
    const low = (network: Network) => defaultBounds(network, 'thresholds')?.[0]
    expect(low(withThreshold(1))).toBe(0.5)
    expect(low(withThreshold([3, 2]))).toBe(1)
    expect(low(withThreshold({ distribution: 'uniform', low: 4, high: 6 }))).toBe(2)
    expect(low(withThreshold({ distribution: 'normal', mean: 4, std: 6 }))).toBe(2)
    expect(low(withThreshold({ distribution: 'constant', value: 4 }))).toBe(2)
    expect(low(withThreshold(-50, -70))).toBe(-60)
    // Above the highest of several resets.
    expect(low(withThreshold(2, [1, 0]))).toBe(1.5)
    expect(low(withThreshold(2, { distribution: 'uniform', low: -1, high: 1 }))).toBe(1.5)
  })

  it('never exclude a delay the network starts with', () => {
    const high = (delays: Delays) => defaultBounds(withDelays(delays), 'delays')?.[1]
    expect(high({ kind: 'none' })).toBe(20)
    expect(high({ kind: 'scalar', value: 30 })).toBe(30)
    expect(high({ kind: 'perSource', values: [1, 40, 2] })).toBe(40)
    expect(high({ kind: 'perSynapse', values: { distribution: 'uniform', low: 0, high: 10 } })).toBe(20)
  })
})
