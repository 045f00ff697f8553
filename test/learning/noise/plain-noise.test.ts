import { describe, expect, test } from 'vitest'
import { readDropout } from '../../../src/learning/noise/read-dropout.js'
import { readDeviceNoise } from '../../../src/learning/noise/read-noise.js'
import { readRunNoise } from '../../../src/learning/noise/read-run-noise.js'
import { readTrainingNoise } from '../../../src/learning/noise/read-training-noise.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { noisyReadout } from '../../actors/noisy-networks.js'

const network = noisyReadout()
const refusal = (code: string, field: string) =>
  expect.objectContaining({ code, details: expect.objectContaining({ field }) })

test("what happens to spikes that go nowhere is nobody's noise", () => {
  const toLast = defineNetwork({
    groups: { in: source(1), last: lif(1, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
    projections: [connect('in', 'last', dense([[1]]))],
  })
  const lost = { seed: 0, spikeLoss: { last: 0.5 } }
  expect(() => readDeviceNoise(toLast, lost)).toThrow(refusal('NOISE_NAME', 'noise.spikeLoss.last'))
  const dropped = { seed: 0, rates: { last: 0.5 } }
  expect(() => readDropout(toLast, dropped)).toThrow(refusal('NOISE_NAME', 'dropout.rates.last'))
})

describe('the noise of a device', () => {
  test('is plain data again, with fields that have a value', () => {
    class Device {
      readonly seed = 3
      readonly jitter = { in: 0.1, hidden: undefined }
      readonly weightBits = undefined
      readonly thresholdMismatch = { relative: 0.05, absolute: undefined }
    }
    const plain = readDeviceNoise(network, new Device())
    expect(plain).toStrictEqual({ seed: 3, jitter: { in: 0.1 }, thresholdMismatch: { relative: 0.05 } })
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype)
  })

  test.each([
    ['FIELD_TYPE', 'noise', 3],
    ['NOISE_OPTION', 'noise.seed', {}],
    ['NOISE_OPTION', 'noise.seed', { seed: -1 }],
    ['NOISE_OPTION', 'noise.seed', { seed: 1.5 }],
    ['FIELD_UNKNOWN', 'noise.jiter', { seed: 0, jiter: 1 }],
    ['NOISE_OPTION', 'noise.jitter', { seed: 0, jitter: -0.1 }],
    ['NOISE_OPTION', 'noise.jitter', { seed: 0, jitter: Number.NaN }],
    ['FIELD_TYPE', 'noise.jitter', { seed: 0, jitter: '1' }],
    ['NOISE_NAME', 'noise.jitter.out', { seed: 0, jitter: { out: 1 } }],
    ['NOISE_NAME', 'noise.spikeLoss.nowhere', { seed: 0, spikeLoss: { nowhere: 0.1 } }],
    ['NOISE_OPTION', 'noise.spikeLoss.in->hidden', { seed: 0, spikeLoss: { 'in->hidden': 1.1 } }],
    ['NOISE_OPTION', 'noise.readoutJitter', { seed: 0, readoutJitter: Infinity }],
    ['NOISE_OPTION', 'noise.weightMismatch.relative', { seed: 0, weightMismatch: { relative: -1 } }],
    ['FIELD_UNKNOWN', 'noise.delayMismatch.share', { seed: 0, delayMismatch: { share: 1 } }],
    ['NOISE_OPTION', 'noise.weightBits', { seed: 0, weightBits: 1 }],
    ['NOISE_OPTION', 'noise.weightBits', { seed: 0, weightBits: 4.5 }],
    ['NOISE_CONFLICT', 'noise.weightRange', { seed: 0, weightRange: 1 }],
    ['NOISE_NAME', 'noise.weightRange.hidden', { seed: 0, weightBits: 4, weightRange: { hidden: 1 } }],
    ['NOISE_OPTION', 'noise.weightLevels', { seed: 0, weightLevels: 2 }],
    ['NOISE_OPTION', 'noise.weightLevels', { seed: 0, weightLevels: 2 ** 33 }],
    ['NOISE_OPTION', 'noise.weightRange', { seed: 0, weightLevels: 127, weightRange: -1 }],
    ['NOISE_OPTION', 'noise.thresholdBits', { seed: 0, thresholdBits: 1 }],
    ['NOISE_CONFLICT', 'noise.thresholdRange', { seed: 0, thresholdRange: 1, weightBits: 4 }],
    ['NOISE_NAME', 'noise.thresholdRange.out', { seed: 0, thresholdBits: 4, thresholdRange: { out: 1 } }],
    ['NOISE_OPTION', 'noise.delayMin', { seed: 0, delayMin: -1 }],
    ['NOISE_CONFLICT', 'noise.delayMin', { seed: 0, delayMin: 2, delayMax: 1 }],
    ['NOISE_CONFLICT', 'noise.delayMin', { seed: 0, delayStep: 1, delayMin: 0.3, delayMax: 0.7 }],
    ['NOISE_OPTION', 'noise.delayStep', { seed: 0, delayStep: 0 }],
    ['NOISE_OPTION', 'noise.delayMax', { seed: 0, delayMax: -1 }],
    ['NOISE_OPTION', 'noise.mismatch', { seed: 0, mismatch: 'often' }],
  ])('raises %s for %s of %o', (code, field, given) => {
    expect(() => readDeviceNoise(network, given)).toThrow(refusal(code, field))
  })
})

describe('dropout', () => {
  test('is plain data again', () => {
    const given = { seed: 1, rates: { in: 0.2, hidden: undefined }, scale: undefined }
    expect(readDropout(network, given)).toStrictEqual({ seed: 1, rates: { in: 0.2 } })
  })

  test.each([
    ['NOISE_OPTION', 'dropout.rates.in', { seed: 0, rates: { in: 1 } }],
    ['NOISE_NAME', 'dropout.rates.out', { seed: 0, rates: { out: 0.1 } }],
    ['NOISE_NAME', 'dropout.rates.in->hidden', { seed: 0, rates: { 'in->hidden': 0.1 } }],
    ['NOISE_OPTION', 'dropout.scale', { seed: 0, rates: {}, scale: 'full' }],
    ['NOISE_OPTION', 'dropout.seed', { rates: {} }],
    ['FIELD_MISSING', 'dropout.rates', { seed: 0 }],
    ['FIELD_UNKNOWN', 'dropout.rate', { seed: 0, rates: {}, rate: 1 }],
  ])('raises %s for %s of %o', (code, field, given) => {
    expect(() => readDropout(network, given)).toThrow(refusal(code, field))
  })
})

describe('the noise of a run', () => {
  test('is null where there is none, and counts from 0 by default', () => {
    expect(readRunNoise(network, { draw: 3 })).toBeNull()
    const noise = { seed: 0, jitter: 0.1 }
    expect(readRunNoise(network, { noise })).toStrictEqual({ device: noise, dropout: null, draw: 0, firstTrial: 0 })
  })

  test.each(['draw', 'firstTrial'])('raises NOISE_OPTION for a wrong %s', (field) => {
    const given = { noise: { seed: 0 }, [field]: -1 }
    expect(() => readRunNoise(network, given, 'step.')).toThrow(refusal('NOISE_OPTION', `step.${field}`))
  })
})

describe('the noise of a training', () => {
  const noise = { seed: 2, jitter: 0.1 }

  test('is where it is asked for, and dropout has the seed of the training', () => {
    const dropout = { rates: { in: 0.2 } }
    const at = (noiseIn?: 'train' | 'test' | 'both') =>
      readTrainingNoise(network, { noise, dropout, ...(noiseIn === undefined ? {} : { noiseIn }) }, 9)
    const drop = { seed: 9, ...dropout }
    expect(at()).toStrictEqual({ step: { noise, dropout: drop }, test: noise })
    expect(at('both')).toStrictEqual(at())
    expect(at('train')).toStrictEqual({ step: { noise, dropout: drop }, test: null })
    expect(at('test')).toStrictEqual({ step: { dropout: drop }, test: noise })
    expect(readTrainingNoise(network, {}, 9)).toStrictEqual({ step: {}, test: null })
  })

  test('must be there where a place is named', () => {
    expect(() => readTrainingNoise(network, { noiseIn: 'train' }, 0)).toThrow(refusal('NOISE_CONFLICT', 'noiseIn'))
    const wrong = { noise, noiseIn: 'never' as 'both' }
    expect(() => readTrainingNoise(network, wrong, 0)).toThrow(refusal('NOISE_OPTION', 'noiseIn'))
  })
})
