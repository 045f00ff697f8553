import { describe, expect, test } from 'vitest'
import { trainsOfTrials } from '../../../src/events/trains-of-trials.js'
import {
  connect,
  defineNetwork,
  dense,
  type LiIntegralLoss,
  li,
  lif,
  liIntegral,
  normal,
  source,
} from '../../../src/index.js'
import type { SpikingSubject } from '../../../src/learning/until-spiking/measured-trials.js'
import { scaledIntegral } from '../../../src/learning/until-spiking/scaled-integral.js'

const LEAKY = { tauMem: 20, tauSyn: 5 } as const
const UNITS = 400

/** Each of 5 inputs spikes once, early enough for the whole of its voltage. */
const early = trainsOfTrials([
  Array.from({ length: 5 }, (_, unit) => ({ time: unit, unit })),
  Array.from({ length: 5 }, (_, unit) => ({ time: 2 * unit, unit })),
])
const trials = { count: 2, until: 1000, inputs: { input: early } }

const readout = (std: number, mean = 0) =>
  defineNetwork({
    groups: { input: source(5), output: li(UNITS, LEAKY) },
    projections: [connect('input', 'output', dense(normal(mean, std)))],
  })

const scaleOf = (loss: LiIntegralLoss, subject: SpikingSubject) => scaledIntegral(loss, subject, 3).scale

describe('the scale of a loss on integrals', () => {
  // ∫ V dt of a spike of weight w is w tauSyn: the scores of 5 independent ones have the deviation scale √5 std tauSyn.
  test.each([1e-6, 0.3, 40])('lets first scores differ by half of 1: weights of ± %d, of any mean', (std) => {
    for (const mean of [0, 7]) {
      const scale = scaleOf(liIntegral('output'), { network: readout(std, mean), trials })
      expect((scale * Math.sqrt(5) * std * LEAKY.tauSyn) / 0.5).toBeCloseTo(1, 1)
    }
  })

  test('is half of 1 over the deviation that two classes are drawn from', () => {
    const network = defineNetwork({
      groups: { input: source(1), output: li(2, LEAKY) },
      projections: [connect('input', 'output', dense([[1], [-1]]))],
    })
    const inputs = { input: trainsOfTrials([[{ time: 1, unit: 0 }]]) }
    // Two scores ± w tauSyn have the mean 0 and the unbiased variance 2 (w tauSyn)².
    const scale = scaleOf(liIntegral('output'), { network, trials: { count: 1, until: 1000, inputs } })
    expect(scale).toBeCloseTo(0.5 / Math.sqrt(2 * LEAKY.tauSyn ** 2), 3)
  })

  test('is that of classes of several units each', () => {
    const one = scaleOf(liIntegral('output'), { network: readout(0.3), trials })
    const four = scaleOf(liIntegral('output', { unitsPerClass: 4 }), { network: readout(0.3), trials })
    expect(one / four).toBeCloseTo(2, 0)
  })

  test('leaves all else as it was, and is the same whenever it is looked for', () => {
    const loss = liIntegral('output', { tau: 30, smoothing: 0.1 })
    const subject = { network: readout(0.3), trials }
    expect(scaledIntegral(loss, subject, 3)).toEqual({ ...loss, scale: scaleOf(loss, subject) })
  })

  const network = (weight: number) =>
    defineNetwork({
      groups: { input: source(5), hidden: lif(4, { ...LEAKY, threshold: 1 }), output: li(2, LEAKY) },
      projections: [
        connect('input', 'hidden', dense(weight)),
        connect('hidden', 'hidden', dense(weight), { delay: 1 }),
        connect('hidden', 'output', dense(normal(0, 1))),
      ],
    })

  test.each([
    ['no spike reaches the readout', 1e-9],
    ['the neurons run away', 2],
  ])('is that of the mean voltage where %s', (_, weight) => {
    expect(scaleOf(liIntegral('output'), { network: network(weight), trials })).toBe(1 / 1000)
  })
})
