import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Loss } from '../../src/learning/loss.js'
import { PARAMETER_KINDS } from '../../src/learning/parameter-kinds.js'
import { readStep } from '../../src/learning/read-step.js'
import type { StepOptions } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { mistakeOf } from '../network/mistake-of.js'
import { between } from '../support/arbitraries.js'
import { arbitrarySpikes, trainsOf } from './trains.js'

const neuron = { tauMem: 20, tauSyn: 5 }
const network = defineNetwork({
  groups: {
    in: source(1),
    hidden: lif(2, { ...neuron, threshold: 1 }),
    loop: lif(2, { ...neuron, threshold: 1 }),
    out: lif(2, { ...neuron, threshold: 1 }),
    readout: li(2, neuron),
  },
  projections: [connect('hidden', 'out', dense(1)), connect('loop', 'loop', dense(1), { delay: 1 })],
})

const above = between(0.001, 9)
const loss: fc.Arbitrary<Loss> = fc.oneof(
  fc.record({ kind: fc.constant('firstSpike'), group: fc.constant('out'), tau0: above, alpha: above, tau1: above }),
  fc.record({ kind: fc.constant('spikeCount'), group: fc.constant('out'), tau: above }),
  fc.constant<Loss>({ kind: 'vMax', group: 'readout' }),
  fc.record({
    kind: fc.constant('liIntegral'),
    group: fc.constant('readout'),
    tau: fc.oneof(above, fc.constant(Infinity)),
    scale: above,
  }),
  fc.record({
    kind: fc.constantFrom('vanRossum', 'spikeTimes'),
    group: fc.constant('out'),
    tau: above,
    targets: fc.array(arbitrarySpikes(2), { minLength: 1, maxLength: 3 }).map(trainsOf),
  }),
  fc.record({
    kind: fc.constant('linear'),
    group: fc.constant('out'),
    coefficients: fc.array(fc.oneof(between(-9, 9), fc.constant(-0)), { maxLength: 3 }),
  }),
)
const perKind = <Value>(value: fc.Arbitrary<Value>) => fc.dictionary(fc.constantFrom(...PARAMETER_KINDS), value)
/** Time constants are above 0. */
const bounds = perKind(fc.tuple(fc.constantFrom(0, 0.5), fc.constantFrom(0.5, 3, Infinity))).map((all) => {
  return Object.fromEntries(
    Object.entries(all).map(([kind, [low, high]]) => [kind, kind === 'taus' ? [0.25, high] : [low, high]]),
  ) as StepOptions['bounds']
})
const strengths = fc.constantFrom<Readonly<Record<string, number>>>({}, { out: 0.5 }, { out: 0 })
const decay = fc.record({ weights: fc.constantFrom(0, 1e-3), bias: fc.constant(0.1) }, { requiredKeys: [] })
const fields = {
  loss,
  optimizer: fc.oneof(
    fc.record({ kind: fc.constant('sgd'), momentum: between(0, 0.9) }),
    fc.record({ kind: fc.constant('adam'), beta1: between(0, 0.9), beta2: between(0, 0.9), epsilon: above }),
  ),
  rates: perKind(fc.oneof(fc.constant(0), above)),
  bounds,
  clipNorm: fc.oneof(above, fc.constant(Infinity)),
  silentLabelHinge: between(0, 1),
  silentHinge: strengths,
  silentWeightStep: strengths,
}
const step: fc.Arbitrary<StepOptions> = fc.oneof(fc.record(fields), fc.record({ ...fields, decay }))

/** The same fields, but of a class. */
function asInstance(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return value
  const fields = Object.fromEntries(Object.entries(value).map(([key, field]) => [key, asInstance(field)]))
  return Object.assign(new (class Instance {})(), fields)
}

test('a step is its fields, whatever object it was', () => {
  fc.assert(
    fc.property(step, (options) => {
      expect(readStep(network, options)).toStrictEqual(structuredClone(options))
      const plain = readStep(network, asInstance(options) as StepOptions)
      for (const part of [plain, plain.loss, plain.optimizer, plain.rates, plain.silentHinge])
        expect(Object.getPrototypeOf(part)).toBe(Object.prototype)
      expect(plain).toEqual(structuredClone(options))
    }),
    { numRuns: 100, seed: 1 },
  )
})

const good: StepOptions = {
  loss: { kind: 'spikeCount', group: 'out', tau: 20 },
  optimizer: { kind: 'sgd', momentum: 0 },
  rates: { weights: 0.1 },
  bounds: {},
  clipNorm: Infinity,
  silentLabelHinge: 0,
  silentHinge: {},
  silentWeightStep: {},
}
const targets = { offsets: Uint32Array.of(0, 2), times: Float64Array.of(1, 2), units: new Uint32Array(2) }
const wanted = { kind: 'vanRossum', group: 'out', tau: 5, targets }
const wantedAt = (change: object) => ({ ...wanted, targets: { ...targets, ...change } })
const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

describe('a step that cannot be taken is refused', () => {
  test('more target trains than there can be labels', () => {
    const loss = wantedAt({ offsets: new Uint32Array(65_538).fill(2, 1) })
    expect(mistakeOf(() => readStep(network, { ...good, loss } as StepOptions))).toEqual({
      code: 'SHAPE_MISMATCH',
      field: 'step.loss.targets.offsets',
    })
  })

  test.each<readonly [change: object, code: string, field: string]>([
    [{ loss: undefined }, 'FIELD_MISSING', 'step.loss'],
    [{ loss: { kind: 'guess', group: 'out' } }, 'LOSS_KIND_UNKNOWN', 'step.loss.kind'],
    [{ loss: { kind: 'vMax' } }, 'FIELD_MISSING', 'step.loss.group'],
    [{ loss: { ...good.loss, tau: 0 } }, 'TIME_CONSTANT_NOT_POSITIVE', 'step.loss.tau'],
    [{ loss: { ...good.loss, tau: NaN } }, 'NUMBER_NOT_FINITE', 'step.loss.tau'],
    [{ loss: { kind: 'linear', group: 'out', coefficients: [1, '2'] } }, 'FIELD_TYPE', 'step.loss.coefficients[1]'],
    [{ loss: { kind: 'liIntegral', group: 'r', tau: -Infinity, scale: 1 } }, 'NUMBER_NOT_FINITE', 'step.loss.tau'],
    [{ loss: { kind: 'liIntegral', group: 'r', scale: 1 } }, 'FIELD_MISSING', 'step.loss.tau'],
    [{ loss: { kind: 'liIntegral', group: 'r', tau: 1, scale: 0 } }, 'LOSS_SCALE_NOT_POSITIVE', 'step.loss.scale'],
    [{ loss: { ...wanted, targets: [] } }, 'FIELD_TYPE', 'step.loss.targets'],
    [{ loss: wantedAt({ times: [1, 2] }) }, 'FIELD_TYPE', 'step.loss.targets.times'],
    [{ loss: wantedAt({ units: undefined }) }, 'FIELD_MISSING', 'step.loss.targets.units'],
    [{ loss: wantedAt({ units: new Int32Array(2) }) }, 'FIELD_TYPE', 'step.loss.targets.units'],
    [{ loss: wantedAt({ units: new Uint32Array(3) }) }, 'SHAPE_MISMATCH', 'step.loss.targets.units'],
    [{ loss: wantedAt({ offsets: new Uint32Array(0) }) }, 'SHAPE_MISMATCH', 'step.loss.targets.offsets'],
    [{ loss: wantedAt({ offsets: Uint32Array.of(0, 3) }) }, 'SHAPE_MISMATCH', 'step.loss.targets.offsets'],
    [{ loss: wantedAt({ offsets: Uint32Array.of(0, 2, 1, 2) }) }, 'SHAPE_MISMATCH', 'step.loss.targets.offsets'],
    [{ loss: wantedAt({ times: Float64Array.of(1, NaN) }) }, 'NUMBER_NOT_FINITE', 'step.loss.targets.times[1]'],
    [{ loss: wantedAt({ times: Float64Array.of(2, 1) }) }, 'TARGET_ORDER', 'step.loss.targets.times[1]'],
    [{ optimizer: undefined }, 'FIELD_MISSING', 'step.optimizer'],
    [{ optimizer: { kind: 'zzz' } }, 'OPTIMIZER_KIND_UNKNOWN', 'step.optimizer.kind'],
    [{ optimizer: { kind: 'sgd' } }, 'OPTIMIZER_OPTION', 'step.optimizer.momentum'],
    [{ optimizer: { kind: 'sgd', momentum: '0.5' } }, 'OPTIMIZER_OPTION', 'step.optimizer.momentum'],
    [{ optimizer: { ...adam, beta1: 1 } }, 'OPTIMIZER_OPTION', 'step.optimizer.beta1'],
    [{ optimizer: { ...adam, beta2: NaN } }, 'OPTIMIZER_OPTION', 'step.optimizer.beta2'],
    [{ optimizer: { ...adam, epsilon: 0 } }, 'OPTIMIZER_OPTION', 'step.optimizer.epsilon'],
    [{ rates: null }, 'FIELD_TYPE', 'step.rates'],
    [{ rates: { weights: NaN } }, 'TRAIN_OPTION', 'step.rates.weights'],
    [{ rates: { bias: Infinity } }, 'TRAIN_OPTION', 'step.rates.bias'],
    [{ rates: { bias: -1 } }, 'TRAIN_OPTION', 'step.rates.bias'],
    [{ rates: { bias: '1' } }, 'TRAIN_OPTION', 'step.rates.bias'],
    [{ rates: { weight: 1 } }, 'LEARN_KIND_UNKNOWN', 'step.rates'],
    [{ bounds: { weights: [1, 0] } }, 'TRAIN_OPTION', 'step.bounds.weights'],
    [{ bounds: { weights: [NaN, 0] } }, 'TRAIN_OPTION', 'step.bounds.weights'],
    [{ bounds: { weights: ['0', '1'] } }, 'TRAIN_OPTION', 'step.bounds.weights'],
    [{ bounds: { weights: [0, NaN] } }, 'TRAIN_OPTION', 'step.bounds.weights'],
    [{ bounds: { weights: [Infinity, Infinity] } }, 'TRAIN_OPTION', 'step.bounds.weights'],
    [{ bounds: { bias: [Infinity, Infinity] } }, 'TRAIN_OPTION', 'step.bounds.bias'],
    [{ bounds: { bias: [-Infinity, -Infinity] } }, 'TRAIN_OPTION', 'step.bounds.bias'],
    [{ bounds: { delays: [-1, 1] } }, 'TRAIN_OPTION', 'step.bounds.delays'],
    [{ bounds: { delays: [0, 0.05] } }, 'TRAIN_OPTION', 'step.bounds.delays'],
    [{ bounds: { thresholds: [-1, 0] } }, 'TRAIN_OPTION', 'step.bounds.thresholds'],
    [{ bounds: { adaptation: [-1, 0] } }, 'TRAIN_OPTION', 'step.bounds.adaptation'],
    [{ bounds: { taus: [1e-12, 1e-11] } }, 'TRAIN_OPTION', 'step.bounds.taus'],
    [{ bounds: { taus: [1e31, Infinity] } }, 'TRAIN_OPTION', 'step.bounds.taus'],
    [{ bounds: { taus: [0, 9] } }, 'TRAIN_OPTION', 'step.bounds.taus'],
    [{ rates: { taus: NaN } }, 'TRAIN_OPTION', 'step.rates.taus'],
    [{ bounds: { delays: [1] } }, 'SHAPE_MISMATCH', 'step.bounds.delays'],
    [{ bounds: { delays: 1 } }, 'FIELD_TYPE', 'step.bounds.delays'],
    [{ decay: null }, 'FIELD_TYPE', 'step.decay'],
    [{ decay: { weights: -1 } }, 'TRAIN_OPTION', 'step.decay.weights'],
    [{ decay: { weights: '1' } }, 'TRAIN_OPTION', 'step.decay.weights'],
    [{ decay: { weights: Infinity } }, 'TRAIN_OPTION', 'step.decay.weights'],
    [{ decay: { weights: 11 } }, 'TRAIN_OPTION', 'step.decay.weights'],
    [{ decay: { thresholds: 0.1 } }, 'TRAIN_DECAY_KIND', 'step.decay.thresholds'],
    [{ decay: { weight: 0.1 } }, 'TRAIN_DECAY_KIND', 'step.decay.weight'],
    [{ clipNorm: 0 }, 'TRAIN_OPTION', 'step.clipNorm'],
    [{ clipNorm: undefined }, 'TRAIN_OPTION', 'step.clipNorm'],
    [{ silentLabelHinge: -1 }, 'TRAIN_OPTION', 'step.silentLabelHinge'],
    [{ silentHinge: { nobody: 1 } }, 'TRAIN_GROUP', 'step.silentHinge.nobody'],
    [{ silentHinge: { readout: 1 } }, 'TRAIN_GROUP', 'step.silentHinge.readout'],
    [{ silentWeightStep: { out: NaN } }, 'TRAIN_OPTION', 'step.silentWeightStep.out'],
    [{ silentWeightStep: undefined }, 'FIELD_MISSING', 'step.silentWeightStep'],
  ])('%j', (change, code, field) => {
    expect(mistakeOf(() => readStep(network, { ...good, ...change } as StepOptions))).toEqual({ code, field })
  })

  test('that is none', () => {
    expect(mistakeOf(() => readStep(network, null as unknown as StepOptions)).field).toBe('step')
  })

  test('but a rate without a value is none', () => {
    const rates = { weights: 0.1, delays: undefined } as unknown as StepOptions['rates']
    expect(readStep(network, { ...good, rates }).rates).toStrictEqual({ weights: 0.1 })
  })
})
